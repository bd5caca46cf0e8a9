/* A module for the tests: commands of every kind that the proxy has to learn from a server. Only what is used of the module API is declared. */
#include <stddef.h>

#define OK 0
#define ERR 1
#define API_VERSION 1

typedef struct Ctx Ctx;
typedef struct String String;
typedef struct Command Command;
typedef struct BlockedClient BlockedClient;
typedef struct CallReply CallReply;
typedef int (*Function)(Ctx *ctx, String **argv, int argc);

static int (*GetApi)(const char *name, void *function);
static void (*SetModuleAttribs)(Ctx *ctx, const char *name, int version, int api);
static int (*CreateCommand)(Ctx *ctx, const char *name, Function function, const char *flags, int first, int last, int step);
static Command *(*GetCommand)(Ctx *ctx, const char *name);
static int (*CreateSubcommand)(Command *parent, const char *name, Function function, const char *flags, int first, int last, int step);
static int (*ReplyWithSimpleString)(Ctx *ctx, const char *text);
static int (*ReplyWithCallReply)(Ctx *ctx, CallReply *reply);
static CallReply *(*Call)(Ctx *ctx, const char *command, const char *format, ...);
static void (*FreeCallReply)(CallReply *reply);
static int (*WrongArity)(Ctx *ctx);
static int (*StringToLongLong)(const String *text, long long *number);
static BlockedClient *(*BlockClient)(Ctx *ctx, Function reply, Function timeout, void (*release)(Ctx *, void *), long long milliseconds);
static int (*IsKeysPositionRequest)(Ctx *ctx);
static void (*KeyAtPos)(Ctx *ctx, int position);

static int Pass(Ctx *ctx, CallReply *reply)
{
    int result = ReplyWithCallReply(ctx, reply);
    FreeCallReply(reply);
    return result;
}

/* GET key */
static int Get(Ctx *ctx, String **argv, int argc)
{
    return argc == 2 ? Pass(ctx, Call(ctx, "GET", "s", argv[1])) : WrongArity(ctx);
}

/* SET key value */
static int Set(Ctx *ctx, String **argv, int argc)
{
    return argc == 3 ? Pass(ctx, Call(ctx, "SET", "ss!", argv[1], argv[2])) : WrongArity(ctx);
}

/* COUNT key [key ...]: how many there are */
static int Count(Ctx *ctx, String **argv, int argc)
{
    return argc > 1 ? Pass(ctx, Call(ctx, "EXISTS", "v", argv + 1, (size_t)(argc - 1))) : WrongArity(ctx);
}

static int Waited(Ctx *ctx, String **argv, int argc)
{
    (void)argv;
    (void)argc;
    return ReplyWithSimpleString(ctx, "WAITED");
}

/* WAIT key milliseconds */
static int Wait(Ctx *ctx, String **argv, int argc)
{
    long long milliseconds;
    if (argc != 3 || StringToLongLong(argv[2], &milliseconds) != OK)
    {
        return WrongArity(ctx);
    }

    BlockClient(ctx, Waited, Waited, NULL, milliseconds);
    return OK;
}

/* PAUSE milliseconds: waits, and names no key */
static int Pause(Ctx *ctx, String **argv, int argc)
{
    long long milliseconds;
    if (argc != 2 || StringToLongLong(argv[1], &milliseconds) != OK)
    {
        return WrongArity(ctx);
    }

    BlockClient(ctx, Waited, Waited, NULL, milliseconds);
    return OK;
}

/* HIDDEN value key: only the module can tell where its key is */
static int Hidden(Ctx *ctx, String **argv, int argc)
{
    if (argc != 3)
    {
        return WrongArity(ctx);
    }

    if (IsKeysPositionRequest(ctx))
    {
        KeyAtPos(ctx, 2);
        return OK;
    }

    return Pass(ctx, Call(ctx, "SET", "ss", argv[2], argv[1]));
}

/* SIZE: names no key */
static int Size(Ctx *ctx, String **argv, int argc)
{
    (void)argv;
    return argc <= 2 ? Pass(ctx, Call(ctx, "DBSIZE", "")) : WrongArity(ctx);
}

/* BOX GET key */
static int BoxGet(Ctx *ctx, String **argv, int argc)
{
    return argc == 3 ? Pass(ctx, Call(ctx, "GET", "s", argv[2])) : WrongArity(ctx);
}

/* BOX SET key value */
static int BoxSet(Ctx *ctx, String **argv, int argc)
{
    return argc == 4 ? Pass(ctx, Call(ctx, "SET", "ss", argv[2], argv[3])) : WrongArity(ctx);
}

int RedisModule_OnLoad(Ctx *ctx, String **argv, int argc)
{
    (void)argv;
    GetApi = (int (*)(const char *, void *))((void **)ctx)[0];
    GetApi("RedisModule_SetModuleAttribs", &SetModuleAttribs);
    GetApi("RedisModule_CreateCommand", &CreateCommand);
    GetApi("RedisModule_GetCommand", &GetCommand);
    GetApi("RedisModule_CreateSubcommand", &CreateSubcommand);
    GetApi("RedisModule_ReplyWithSimpleString", &ReplyWithSimpleString);
    GetApi("RedisModule_ReplyWithCallReply", &ReplyWithCallReply);
    GetApi("RedisModule_Call", &Call);
    GetApi("RedisModule_FreeCallReply", &FreeCallReply);
    GetApi("RedisModule_WrongArity", &WrongArity);
    GetApi("RedisModule_StringToLongLong", &StringToLongLong);
    GetApi("RedisModule_BlockClient", &BlockClient);
    GetApi("RedisModule_IsKeysPositionRequest", &IsKeysPositionRequest);
    GetApi("RedisModule_KeyAtPos", &KeyAtPos);
    SetModuleAttribs(ctx, "testmod", 1, API_VERSION);

    int failed = CreateCommand(ctx, "testmod.get", Get, "readonly", 1, 1, 1)
        | CreateCommand(ctx, "testmod.set", Set, "write deny-oom", 1, 1, 1)
        | CreateCommand(ctx, "testmod.count", Count, "readonly fast", 1, -1, 1)
        | CreateCommand(ctx, "testmod.wait", Wait, "write blocking", 1, 1, 1)
        | CreateCommand(ctx, "testmod.pause", Pause, "readonly blocking", 0, 0, 0)
        | CreateCommand(ctx, "testmod.hidden", Hidden, "write getkeys-api", 0, 0, 0)
        | CreateCommand(ctx, "testmod.admin", Size, "readonly admin", 0, 0, 0)
        | CreateCommand(ctx, "testmod.size", Size, "readonly", 0, 0, 0)
        | CreateCommand(ctx, "testmod.box", NULL, "", 0, 0, 0);
    Command *box = failed ? NULL : GetCommand(ctx, "testmod.box");
    failed = failed || box == NULL
        || CreateSubcommand(box, "get", BoxGet, "readonly", 2, 2, 1)
        || CreateSubcommand(box, "set", BoxSet, "write", 2, 2, 1)
        || CreateSubcommand(box, "size", Size, "readonly", 0, 0, 0);

    /* With an argument it is a newer version. */
    failed = failed || (argc > 0 && CreateCommand(ctx, "testmod.newer", Get, "readonly", 1, 1, 1));
    return failed ? ERR : OK;
}
