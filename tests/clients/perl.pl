# What applications do with Redis.pm. See README.md.

use strict;
use warnings;
use Redis;
use Time::HiRes qw(sleep time);

my $deadline = 30;
my $add = "return redis.call('incrby', KEYS[1], ARGV[1])";
my $port = $ARGV[0];
my $client = connected();
$| = 1;

my @steps = (
    'connect' => \&connect_to_it, 'mixed commands' => \&mixed_commands, 'pipeline' => \&pipeline, 'transaction' => \&transaction,
    'optimistic lock' => \&optimistic_lock, 'publish and subscribe' => \&publish_and_subscribe, 'blocking pop' => \&blocking_pop,
    'scan' => \&scan, 'script' => \&script, 'restart' => \&restart,
);
while (my ($name, $step) = splice @steps, 0, 2) {
    $step->();
    print "$name: done\n";
}

sub connected { return Redis->new(server => "127.0.0.1:$port") }

sub connect_to_it {
    check($client->ping, 'PONG');
    check($client->set('{pl}greeting', 'hello'), 'OK');
    check($client->get('{pl}greeting'), 'hello');
    check($client->mset(map { ("pl:$_" => $_) } 0 .. 49), 'OK');
    check(join(' ', $client->mget(map { "pl:$_" } 0 .. 49)), join ' ', 0 .. 49);
}

sub mixed_commands {
    for my $i (0 .. 124) {
        check($client->set("pl:mixed:$i", $i, 'EX', 100), 'OK');
        check($client->incrby("pl:mixed:$i", 5), $i + 5);
        check($client->get("pl:mixed:$i"), $i + 5);
        check($client->hset("pl:mixed:hash:$i", 'a', $i, 'b', 'x'), 2);
        my %hash = $client->hgetall("pl:mixed:hash:$i");
        check("$hash{a} $hash{b}", "$i x");
        check($client->zadd("pl:mixed:scores:$i", $i / 2, 'm'), 1);
        check($client->zscore("pl:mixed:scores:$i", 'm'), $i / 2);
        check($client->del("pl:mixed:$i", "pl:mixed:hash:$i", "pl:mixed:scores:$i"), 3);
    }
}

sub pipeline {
    my @replies;
    for my $i (0 .. 999) {
        $client->set("pl:many:$i", $i, sub { push @replies, $_[0] });
        $client->get("pl:many:$i", sub { push @replies, $_[0] });
    }
    $client->wait_all_responses;
    check(join(' ', @replies), join ' ', map { "OK $_" } 0 .. 999);
}

sub transaction {
    $client->multi;
    $client->set('{pl}a', 1);
    $client->incr('{pl}a');
    $client->rpush('{pl}list', 'x', 'y');
    my @replies = $client->exec;
    check("@replies", 'OK 2 2');
}

sub optimistic_lock {
    my $other = connected();
    for my $i (0 .. 19) {
        my $disturbed = $i % 2;
        $client->watch('{pl}count');
        $other->set('{pl}count', 'other') if $disturbed;
        $client->multi;
        $client->set('{pl}count', $i);
        my $reply = $client->exec;
        check(defined $reply ? 'done' : 'disturbed', $disturbed ? 'disturbed' : 'done');
    }
}

sub publish_and_subscribe {
    my $subscriber = connected();
    my (@messages, @matching);
    my $news = sub { push @messages, $_[0] };
    my $any = sub { push @matching, $_[0] };
    $subscriber->subscribe('pl:news', $news);
    $subscriber->psubscribe('pl:n*', $any);
    check($client->publish('pl:news', $_), 2) for 0 .. 99;
    my $end = time + $deadline;
    while (@messages + @matching < 200 && time < $end) {
        $subscriber->wait_for_messages(0.1);
    }
    check("@messages", join ' ', 0 .. 99);
    check("@matching", join ' ', 0 .. 99);
    $subscriber->unsubscribe('pl:news', $news);
    $subscriber->punsubscribe('pl:n*', $any);
    check($subscriber->ping, 'PONG');
}

sub blocking_pop {
    my ($none) = $client->blpop('{pl}queue', 1);
    check($none // 'none', 'none');
    my $waiter = fork;
    if ($waiter == 0) {
        my @popped = connected()->blpop('{pl}other', '{pl}queue', $deadline);
        exit("@popped" eq '{pl}queue work' ? 0 : 1);
    }
    check($client->rpush('{pl}queue', 'work'), 1);
    waitpid $waiter, 0;
    check($?, 0);
}

sub scan {
    my ($cursor, %found) = (0);
    do {
        ($cursor, my $keys) = $client->scan($cursor, 'MATCH', 'pl:many:*', 'COUNT', 100);
        $found{$_} = 1 for @$keys;
    } while ($cursor ne '0');
    check(scalar(keys %found), 1000);
}

sub script {
    my $loaded = $client->script_load($add);
    check(join(' ', $client->script_exists($loaded, 'f' x 40)), '1 0');
    for my $i (0 .. 49) {
        check($client->eval($add, 1, "pl:script:$i", $i), $i);
        check($client->evalsha($loaded, 1, "pl:script:$i", $i), 2 * $i);
    }
}

sub restart {
    my $loaded = $client->script_load($add);
    $client->set('{pl}before', 1);
    print "restart the servers\n";
    wait_until(sub { !defined $client->get('{pl}before') });
    wait_until(sub { $client->set('{pl}after', 1) eq 'OK' && $client->get('{pl}after') eq '1' });
    for my $i (0 .. 49) {
        wait_until(sub { $client->evalsha($loaded, 1, "pl:script:$i", 1) >= 1 });
    }
}

# Waits for a condition; while the servers are down requests may fail.
sub wait_until {
    my ($condition) = @_;
    my $end = time + $deadline;
    until (eval { $condition->() }) {
        die $@ || 'not in time' if time > $end;
        sleep 0.02;
    }
}

sub check {
    my ($actual, $expected) = @_;
    my $got = $actual // 'nothing';
    die "line ${\ (caller)[2]}: expected $expected, got $got\n" if $got ne $expected;
}
