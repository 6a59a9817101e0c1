// Looks host names up for the resolvers of a loop, by getaddrinfo(3) on threads of its own.
//
// Why getaddrinfo and not an asynchronous resolver such as c-ares: it answers what every other
// program of this machine answers. /etc/hosts, search domains, nsswitch.conf with its modules
// (mDNS, systemd-resolved, sssd), gai.conf and the order of RFC 6724 come with it, as does noticing
// that /etc/resolv.conf has changed. c-ares has some of that, and not the modules; Debian 12's does
// not notice a changed resolv.conf.
//
// Its price is that it blocks, for half a minute where name servers are dead, and cannot be
// cancelled. So it never runs on the pool that reads, writes and hashes: each look-up has a thread
// of its own, which is detached and shares a mailbox with the loop alone. Nobody waits for it: not
// a resolver, which has its answer within a bound, not another name, since a look-up that is over
// its bound no longer counts against the number of those at once, and not the end of the process.
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
  static constexpr milliseconds patience{5000};       // of a resolver, for any answer
  static constexpr milliseconds stale_patience{1800}; // for a newer answer than the cache has
  static constexpr std::size_t most_at_once = 32;     // look-ups within their patience
  static constexpr std::size_t most_threads = 128;    // with those that hang

  explicit Names(Loop& loop);
  ~Names(); // what still runs is left to itself
  Names(const Names&) = delete;
  Names& operator=(const Names&) = delete;

  void ask(Resolver& resolver, const std::string& host);
  void answer_later(Resolver& resolver, NameAnswer answer);
  void forget(Resolver& resolver); // it does not wait any more

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
  std::vector<Waiter> waiters_;         // the longest first
  std::map<std::string, Time> running_; // look-ups, by when they began
  std::deque<Ready> ready_;
  Timer clock_; // of the waiters
  Deferred deliver_;
  std::shared_ptr<Mailbox> mailbox_;
};

} // namespace p2pd::io
