# What applications do with the redis gem. See README.md.

require 'redis'
require 'set'

DEADLINE = 30
ADD = "return redis.call('incrby', KEYS[1], ARGV[1])".freeze
PORT = Integer(ARGV[0])

def main
  client = Redis.new(port: PORT)
  %i[connect mixed_commands pipeline transaction optimistic_lock publish_and_subscribe blocking_pop scan script restart].each do |step|
    send(step, client)
    say "#{step.to_s.tr('_', ' ')}: done"
  end
end

def connect(client)
  check client.ping, 'PONG'
  check client.set('{rb}greeting', 'hello'), 'OK'
  check client.get('{rb}greeting'), 'hello'
  check client.mapped_mset((0...50).to_h { |i| ["rb:#{i}", i] }), 'OK'
  check client.mget((0...50).map { |i| "rb:#{i}" }), (0...50).map(&:to_s)
end

def mixed_commands(client)
  125.times do |i|
    text, hash, scores = "rb:mixed:#{i}", "rb:mixed:hash:#{i}", "rb:mixed:scores:#{i}"
    check client.set(text, i, ex: 100), 'OK'
    check client.incrby(text, 5), i + 5
    check client.get(text), (i + 5).to_s
    check client.hset(hash, 'a', i, 'b', 'x'), 2
    check client.hgetall(hash), { 'a' => i.to_s, 'b' => 'x' }
    check client.zadd(scores, i / 2.0, 'm'), true
    check client.zscore(scores, 'm'), i / 2.0
    check client.del(text, hash, scores), 3
  end
end

def pipeline(client)
  replies = client.pipelined do |commands|
    1000.times do |i|
      commands.set("rb:many:#{i}", i)
      commands.get("rb:many:#{i}")
    end
  end
  check replies, (0...1000).flat_map { |i| ['OK', i.to_s] }
end

def transaction(client)
  replies = client.multi do |commands|
    commands.set('{rb}a', 1)
    commands.incr('{rb}a')
    commands.rpush('{rb}list', %w[x y])
    commands.lrange('{rb}list', 0, -1)
  end
  check replies, ['OK', 2, 2, %w[x y]]
end

# Four threads count, each by reading and writing what nobody else changed meanwhile.
def optimistic_lock(client)
  threads = Array.new(4) do
    Thread.new do
      own = Redis.new(port: PORT)
      25.times do
        loop do
          counted = own.watch('{rb}count') do
            seen = own.get('{rb}count').to_i
            own.multi { |commands| commands.set('{rb}count', seen + 1) }
          end
          break if counted
        end
      end
      own.close
    end
  end
  threads.each(&:join)
  check client.get('{rb}count'), '100'
end

def publish_and_subscribe(client)
  ready = Queue.new
  heard = []
  listener = Thread.new do
    own = Redis.new(port: PORT)
    own.subscribe('rb:news') do |on|
      on.subscribe { ready << true }
      on.message do |_, message|
        heard << message
        own.unsubscribe('rb:news') if heard.size == 100
      end
    end
    heard
  end
  ready.pop
  100.times { |i| check client.publish('rb:news', i), 1 }
  check listener.value, (0...100).map(&:to_s)
end

def blocking_pop(client)
  check client.blpop('{rb}queue', timeout: 0.1), nil
  waiter = Thread.new { Redis.new(port: PORT).blpop('{rb}other', '{rb}queue', timeout: DEADLINE) }
  check client.rpush('{rb}queue', 'work'), 1
  check waiter.value, ['{rb}queue', 'work']
end

def scan(client)
  keys = client.scan_each(match: 'rb:many:*', count: 100).to_set
  check keys, (0...1000).to_set { |i| "rb:many:#{i}" }
end

def script(client)
  loaded = client.script(:load, ADD)
  check client.script(:exists, [loaded, 'f' * 40]), [true, false]
  50.times do |i|
    check client.eval(ADD, keys: ["rb:script:#{i}"], argv: [i]), i
    check client.evalsha(loaded, keys: ["rb:script:#{i}"], argv: [i]), 2 * i
  end
end

def restart(client)
  loaded = client.script(:load, ADD)
  client.set('{rb}before', 1)
  say 'restart the servers'
  wait_until { client.get('{rb}before').nil? }
  wait_until { client.set('{rb}after', 1) == 'OK' && client.get('{rb}after') == '1' }
  50.times { |i| wait_until { client.evalsha(loaded, keys: ["rb:script:#{i}"], argv: [1]) >= 1 } }
end

# Waits for a condition; while the servers are down requests may fail.
def wait_until
  deadline = Process.clock_gettime(Process::CLOCK_MONOTONIC) + DEADLINE
  loop do
    begin
      return if yield

      problem = 'not in time'
    rescue Redis::BaseError => e
      problem = e
    end
    raise problem if Process.clock_gettime(Process::CLOCK_MONOTONIC) > deadline

    sleep 0.02
  end
end

def check(actual, expected)
  raise "expected #{expected.inspect}, got #{actual.inspect}" unless actual == expected
end

def say(line)
  puts line
  $stdout.flush
end

main
