// Is the node at the other end of a link alive, now? Each question is one ping with a short
// deadline; the keep-alive pings of a SessionSet only notice after a while. Member of the
// SessionSet. Loop thread only.
#pragma once

#include "daemon/io/timer.hpp"

#include <functional>
#include <map>

namespace p2pd::net {

class Session;

class Probes final {
 public:
  // Longer than it takes to cross any network and wait for a busy node.
  static constexpr io::milliseconds deadline{2000};
  using Number = std::uint64_t;
  // Not alive: no answer in time, or the link was closed before one came.
  using Done = std::function<void(bool alive)>;

  explicit Probes(io::Loop& loop) : expire_(loop, io::bind<&Probes::on_deadline>(this)) {}
  Probes(const Probes&) = delete;
  Probes& operator=(const Probes&) = delete;

  Number ask(Session& session, Done done); // `done` comes later, never from within
  void drop(Number number) { waiting_.erase(number); }
  void stop();

 private:
  struct Probe {
    io::Time until;
    Done done;
  };
  void answer(Number number, bool alive);
  void on_deadline();

  std::map<Number, Probe> waiting_; // the first to expire first
  Number last_ = 0;
  Number asking_ = 0; // the one whose ping is being sent
  io::Timer expire_;  // runs while there are any
};

} // namespace p2pd::net
