/* What applications do with hiredis. See README.md. */

#include <hiredis/hiredis.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#define DEADLINE 30
#define CHECK(condition) ((condition) ? (void)0 : fail(#condition, __LINE__))

static int port;
static redisContext *client;
static char loaded[41];

static void fail(const char *condition, int line)
{
    printf("line %d: %s; %s\n", line, condition, client != NULL ? client->errstr : "");
    exit(1);
}

static void done(const char *step)
{
    printf("%s: done\n", step);
    fflush(stdout);
}

static redisContext *connected(void)
{
    struct timeval deadline = { DEADLINE, 0 };
    redisContext *context = redisConnect("127.0.0.1", port);
    CHECK(context != NULL && context->err == 0);
    CHECK(redisSetTimeout(context, deadline) == REDIS_OK);
    return context;
}

static redisReply *next(redisContext *context)
{
    redisReply *reply = NULL;
    CHECK(redisGetReply(context, (void **)&reply) == REDIS_OK);
    return reply;
}

static redisReply *ask(redisContext *context, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    redisReply *reply = redisvCommand(context, format, arguments);
    va_end(arguments);
    CHECK(reply != NULL);
    return reply;
}

static int is_text(redisReply *reply, const char *text)
{
    int same = (reply->type == REDIS_REPLY_STRING || reply->type == REDIS_REPLY_STATUS) && strcmp(reply->str, text) == 0;
    freeReplyObject(reply);
    return same;
}

static int is_number(redisReply *reply, long long number)
{
    int same = reply->type == REDIS_REPLY_INTEGER && reply->integer == number;
    freeReplyObject(reply);
    return same;
}

static int is_nil(redisReply *reply)
{
    int nil = reply->type == REDIS_REPLY_NIL;
    freeReplyObject(reply);
    return nil;
}

static const char *digits(long long number)
{
    static char text[32];
    snprintf(text, sizeof text, "%lld", number);
    return text;
}

static void connect_to_it(void)
{
    client = connected();
    CHECK(is_text(ask(client, "PING"), "PONG"));
    CHECK(is_text(ask(client, "SET {c}greeting %s", "hello"), "OK"));
    CHECK(is_text(ask(client, "GET {c}greeting"), "hello"));
    CHECK(is_text(ask(client, "MSET c:1 one c:2 two c:3 three"), "OK"));
    redisReply *values = ask(client, "MGET c:1 c:2 c:3 c:none");
    CHECK(values->elements == 4 && strcmp(values->element[2]->str, "three") == 0 && values->element[3]->type == REDIS_REPLY_NIL);
    freeReplyObject(values);
    done("connect");
}

static void mixed_commands(void)
{
    for (int i = 0; i < 125; i++) {
        CHECK(is_text(ask(client, "SET c:mixed:%d %d EX 100", i, i), "OK"));
        CHECK(is_number(ask(client, "INCRBY c:mixed:%d 5", i), i + 5));
        CHECK(is_text(ask(client, "GET c:mixed:%d", i), digits(i + 5)));
        CHECK(is_number(ask(client, "HSET c:mixed:hash:%d a %d b x", i, i), 2));
        CHECK(is_text(ask(client, "HGET c:mixed:hash:%d a", i), digits(i)));
        CHECK(is_number(ask(client, "ZADD c:mixed:scores:%d %d m", i, i), 1));
        CHECK(is_text(ask(client, "ZSCORE c:mixed:scores:%d m", i), digits(i)));
        CHECK(is_number(ask(client, "DEL c:mixed:%d c:mixed:hash:%d c:mixed:scores:%d", i, i, i), 3));
    }

    done("mixed commands");
}

static void pipeline(void)
{
    for (int i = 0; i < 1000; i++) {
        redisAppendCommand(client, "SET c:many:%d %d", i, i);
        redisAppendCommand(client, "GET c:many:%d", i);
    }

    for (int i = 0; i < 1000; i++) {
        CHECK(is_text(next(client), "OK"));
        CHECK(is_text(next(client), digits(i)));
    }

    done("pipeline");
}

static void transaction(void)
{
    CHECK(is_text(ask(client, "MULTI"), "OK"));
    CHECK(is_text(ask(client, "SET {c}a 1"), "QUEUED"));
    CHECK(is_text(ask(client, "INCR {c}a"), "QUEUED"));
    CHECK(is_text(ask(client, "RPUSH {c}list x y"), "QUEUED"));
    redisReply *replies = ask(client, "EXEC");
    CHECK(replies->elements == 3 && replies->element[1]->integer == 2 && replies->element[2]->integer == 2);
    freeReplyObject(replies);
    done("transaction");
}

static void optimistic_lock(void)
{
    redisContext *other = connected();
    for (int i = 0; i < 20; i++) {
        int disturbed = i % 2;
        CHECK(is_text(ask(client, "WATCH {c}count"), "OK"));
        if (disturbed) {
            CHECK(is_text(ask(other, "SET {c}count other"), "OK"));
        }

        CHECK(is_text(ask(client, "MULTI"), "OK"));
        CHECK(is_text(ask(client, "SET {c}count %d", i), "QUEUED"));
        redisReply *reply = ask(client, "EXEC");
        CHECK(reply->type == (disturbed ? REDIS_REPLY_NIL : REDIS_REPLY_ARRAY));
        freeReplyObject(reply);
    }

    redisFree(other);
    done("optimistic lock");
}

static void publish_and_subscribe(void)
{
    redisContext *subscriber = connected();
    freeReplyObject(ask(subscriber, "SUBSCRIBE c:news"));
    freeReplyObject(ask(subscriber, "PSUBSCRIBE c:n*"));
    for (int i = 0; i < 100; i++) {
        CHECK(is_number(ask(client, "PUBLISH c:news %d", i), 2));
    }

    int heard[2] = { 0, 0 };
    for (int i = 0; i < 200; i++) {
        redisReply *message = next(subscriber);
        int matching = message->elements == 4;
        CHECK(strcmp(message->element[0]->str, matching ? "pmessage" : "message") == 0);
        CHECK(strcmp(message->element[matching ? 3 : 2]->str, digits(heard[matching]++)) == 0);
        freeReplyObject(message);
    }

    freeReplyObject(ask(subscriber, "UNSUBSCRIBE"));
    freeReplyObject(ask(subscriber, "PUNSUBSCRIBE"));
    CHECK(is_text(ask(subscriber, "PING"), "PONG"));
    redisFree(subscriber);
    done("publish and subscribe");
}

static void blocking_pop(void)
{
    redisContext *waiter = connected();
    CHECK(is_nil(ask(waiter, "BLPOP {c}queue 0.1")));
    redisAppendCommand(waiter, "BLPOP {c}other {c}queue %d", DEADLINE);
    int written = 0;
    while (!written) {
        CHECK(redisBufferWrite(waiter, &written) == REDIS_OK);
    }

    CHECK(is_number(ask(client, "RPUSH {c}queue work"), 1));
    redisReply *popped = next(waiter);
    CHECK(popped->elements == 2 && strcmp(popped->element[1]->str, "work") == 0);
    freeReplyObject(popped);
    redisFree(waiter);
    done("blocking pop");
}

static void scan(void)
{
    char seen[1000] = { 0 };
    char cursor[32] = "0";
    int count = 0;
    do {
        redisReply *page = ask(client, "SCAN %s MATCH c:many:* COUNT 100", cursor);
        CHECK(page->elements == 2);
        snprintf(cursor, sizeof cursor, "%s", page->element[0]->str);
        for (size_t i = 0; i < page->element[1]->elements; i++) {
            int number = atoi(page->element[1]->element[i]->str + strlen("c:many:"));
            CHECK(number >= 0 && number < 1000);
            count += !seen[number];
            seen[number] = 1;
        }

        freeReplyObject(page);
    } while (strcmp(cursor, "0") != 0);

    CHECK(count == 1000);
    done("scan");
}

static void script(void)
{
    const char *add = "return redis.call('incrby', KEYS[1], ARGV[1])";
    redisReply *digest = ask(client, "SCRIPT LOAD %s", add);
    CHECK(digest->type == REDIS_REPLY_STRING && digest->len == 40);
    strcpy(loaded, digest->str);
    freeReplyObject(digest);
    for (int i = 0; i < 50; i++) {
        CHECK(is_number(ask(client, "EVAL %s 1 c:script:%d %d", add, i, i), i));
        CHECK(is_number(ask(client, "EVALSHA %s 1 c:script:%d %d", loaded, i, i), 2 * i));
    }

    done("script");
}

/* While the servers are down requests may fail. */
static void until(int type, const char *format, ...)
{
    for (int tries = 0;; tries++) {
        va_list arguments;
        va_start(arguments, format);
        redisReply *reply = redisvCommand(client, format, arguments);
        va_end(arguments);
        CHECK(reply != NULL);
        int reached = reply->type == type && !(type == REDIS_REPLY_INTEGER && reply->integer == 0);
        freeReplyObject(reply);
        if (reached) {
            return;
        }

        CHECK(tries < DEADLINE * 50);
        usleep(20000);
    }
}

static void restart(void)
{
    redisContext *subscriber = connected();
    freeReplyObject(ask(subscriber, "SUBSCRIBE c:after"));
    CHECK(is_text(ask(client, "SET {c}before 1"), "OK"));
    printf("restart the servers\n");
    fflush(stdout);
    until(REDIS_REPLY_NIL, "GET {c}before");
    until(REDIS_REPLY_STATUS, "SET {c}after 1");
    until(REDIS_REPLY_INTEGER, "PUBLISH c:after again");
    redisReply *message = next(subscriber);
    CHECK(strcmp(message->element[2]->str, "again") == 0);
    freeReplyObject(message);
    redisFree(subscriber);
    for (int i = 0; i < 50; i++) {
        until(REDIS_REPLY_INTEGER, "EVALSHA %s 1 c:script:%d 1", loaded, i);
    }

    done("restart");
}

int main(int count, char **arguments)
{
    if (count != 2) {
        fprintf(stderr, "usage: %s PORT\n", arguments[0]);
        return 2;
    }

    port = atoi(arguments[1]);
    connect_to_it();
    mixed_commands();
    pipeline();
    transaction();
    optimistic_lock();
    publish_and_subscribe();
    blocking_pop();
    scan();
    script();
    restart();
    redisFree(client);
    return 0;
}
