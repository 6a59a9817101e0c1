// When to try which of the addresses that a node may have: RFC 8305 (Happy Eyeballs), section 5. A
// pure decision: addresses and the time go in, the next attempt comes out. A value; any thread.
//
// The first attempt starts at once, the next one as soon as one has failed or a delay has passed.
// IPv6 and IPv4 alternate, addresses of this machine's own networks come first. The RFC recommends
// 250 ms between two attempts and allows 10 ms: here the first delay is the one and each further
// delay half of that before, down to the other. A node whose address is good costs one attempt, and
// with 14 dead addresses the fifteenth is tried after 0.6 s; 250 ms each would take 3.5 s.
//
// Two connections to one node would displace each other there, so from the moment at which one
// attempt has proved whom it reached, the others are withdrawn. They are due again if it fails.
#pragma once

#include "daemon/io/loop.hpp"

#include <optional>
#include <vector>

namespace p2pd::net {

class DialSchedule final {
 public:
  static constexpr io::milliseconds first_delay{250};
  static constexpr io::milliseconds least_delay{10};
  // For one attempt: two lost packets of its connection request, or of its handshake.
  static constexpr io::milliseconds patience{3000};
  static constexpr std::size_t most_at_once = 16; // as many addresses as a node may tell

  struct Candidate {
    std::size_t rank = 0; // the lower is tried earlier
    bool v6 = false;
    bool near = false; // no router is in between
  };

  explicit DialSchedule(io::Time begin = {}) : next_(begin), late_(begin + first_delay) {}

  void add(const Candidate& candidate) { entries_.push_back({candidate}); } // numbered from 0

  // The one to start now, which then counts as started. To be asked until there is none. In a
  // crowd, of attempts by all who dial on this machine, there is one at a time.
  std::optional<std::size_t> due(io::Time now, bool crowd = false);
  // One whose time is over, which then counts as failed. Likewise.
  std::optional<std::size_t> expired(io::Time now);
  void restarted(std::size_t which, io::Time now) { entries_[which].until = now + patience; }
  void failed(std::size_t which, io::Time now);
  // It has reached the node. The others that run are withdrawn: drop them.
  std::vector<std::size_t> proved(std::size_t which, io::Time now);
  bool has_proved() const { return proved_.has_value(); }

  // True once: the first attempt did not do, so that other ways should be tried beside it.
  bool falls_behind(io::Time now);
  // When to ask again; nothing while there is nothing to wait for.
  std::optional<io::Time> wake() const;
  bool exhausted() const; // every candidate has failed

 private:
  enum class State : std::uint8_t { waiting, running, failed };
  struct Entry {
    Candidate candidate;
    State state = State::waiting;
    io::Time until{}; // while it runs
  };
  std::size_t running() const;
  bool may_start() const { return !proved_ && running() < most_at_once; }
  std::optional<std::size_t> best() const;

  std::vector<Entry> entries_;
  std::optional<std::size_t> proved_;
  io::Time next_; // no attempt starts before
  io::milliseconds delay_ = first_delay;
  bool last_v6_ = false; // so that the first is IPv6, as far as their ranks are equal
  bool started_ = false;
  std::optional<io::Time> late_; // until it has been told
};

} // namespace p2pd::net
