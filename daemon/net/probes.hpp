// Checks whether the node at the other end of a link is alive now, with one ping and a short
// deadline; the keep-alive pings of SessionSet are slower. Member of SessionSet. Loop thread only.
#pragma once

#include "daemon/io/timer.hpp"

#include <functional>
#include <map>

namespace p2pd::net {

class Session;

class Probes final {
 public:
  // Longer than the round trip of any network plus the delay of a busy node.
  static constexpr io::milliseconds deadline{2000};
  using Number = std::uint64_t;
  // Not alive: no answer in time, or the link was closed first.
  using Done = std::function<void(bool alive)>;

  explicit Probes(io::Loop& loop) : expire_(loop, io::bind<&Probes::on_deadline>(this)) {}
  Probes(const Probes&) = delete;
  Probes& operator=(const Probes&) = delete;

  Number ask(Session& session, Done done); // `done` is never called synchronously
  void drop(Number number) { waiting_.erase(number); }
  void stop();

 private:
  struct Probe {
    io::Time until;
    Done done;
  };
  void answer(Number number, bool alive);
  void on_deadline();

  std::map<Number, Probe> waiting_; // in the order of their deadlines
  Number last_ = 0;
  Number asking_ = 0; // whose ping is being sent
  io::Timer expire_;  // active while there are any
};

} // namespace p2pd::net
