// Resolves host names for the loop's resolvers, with getaddrinfo(3) on dedicated threads.
//
// Why getaddrinfo and not an asynchronous resolver such as c-ares: it gives the same answers as
// every other program on this machine. /etc/hosts, search domains, nsswitch.conf with its modules
// (mDNS, systemd-resolved, sssd), gai.conf, the order of RFC 6724 and reloading of a changed
// /etc/resolv.conf come with it. c-ares supports some of that but no modules, and Debian 12's does
// not notice a changed resolv.conf.
//
// The price: it blocks, for half a minute if name servers are dead, and cannot be cancelled. So it
// never runs on the thread pool for disk and hashing. Each look-up has its own detached thread,
// which shares only a mailbox with the loop. Nothing waits for such a thread: a resolver is
// answered within a time limit, a look-up that exceeds the limit no longer counts as running, so
// other names are not delayed, and the process can exit.
//
// Loop thread only; a member of the loop.
#pragma once

#include "daemon/io/name_cache.hpp"
#include "daemon/io/timer.hpp"

#include <deque>
#include <memory>

namespace p2pd::io {

class Resolver;

class Names final {
 public:
  static constexpr milliseconds patience{5000};       // how long a resolver waits for any answer
  static constexpr milliseconds stale_patience{1800}; // and for a fresher one than the cache has
  static constexpr std::size_t most_at_once = 32;     // look-ups within their time limit
  static constexpr std::size_t most_threads = 128;    // including those that hang

  explicit Names(Loop& loop);
  ~Names(); // does not wait for look-ups that still run
  Names(const Names&) = delete;
  Names& operator=(const Names&) = delete;

  void ask(Resolver& resolver, const std::string& host);
  void answer_later(Resolver& resolver, NameAnswer answer);
  void forget(Resolver& resolver); // it no longer waits

 private:
  struct Mailbox; // shared with the threads
  struct Waiter {
    Resolver* resolver = nullptr;
    std::string host;
    Time asked;
  };
  struct Ready {
    Resolver* resolver;
    NameAnswer answer;
  };

  void start_look_ups();
  bool start(const std::string& host);
  void collect();
  void look_at_clock();
  void set_clock();
  void deliver();

  Loop& loop_;
  NameCache cache_;
  std::vector<Waiter> waiters_;         // longest waiting first
  std::map<std::string, Time> running_; // look-ups, with their start
  std::deque<Ready> ready_;
  Timer clock_; // of the waiters
  Deferred deliver_;
  std::shared_ptr<Mailbox> mailbox_;
};

} // namespace p2pd::io
