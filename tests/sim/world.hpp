// A simulated swarm: its hosts, its network, its tracker, and what is seen of it from outside.
#pragma once

#include "tests/sim/host.hpp"

#include <functional>

namespace p2pd::sim {

// What is seen of a swarm at one moment.
struct Glimpse {
  double at = 0;       // seconds
  double done = 0;     // of those who fetch and are here, the part that has everything
  double progress = 0; // chunks that they have, of all that they want
  double rarest = 0;   // copies of the chunk that fewest have
  double mean = 0;     // copies of a chunk
  double used = 0;     // of what all hosts together could send, since the last one
};

class World final : private NetworkUser {
 public:
  explicit World(const Scenario& scenario);

  // Until everybody is done or gone, or for so long. False: it took longer.
  bool run(Duration limit);

  const Scenario& scenario() const { return scenario_; }
  const std::deque<Host>& hosts() const { return hosts_; }
  const Network& network() const { return network_; }
  const std::vector<Glimpse>& glimpses() const { return glimpses_; }
  Time start() const { return start_; }
  std::uint64_t events() const { return events_.passed(); }

  // For hosts.
  Time now() const { return events_.now(); }
  void plan(Duration after, Event::Kind kind, HostId host, std::uint32_t b = 0) {
    events_.plan(after, {.kind = kind, .a = host, .b = b});
  }
  Network& network() { return network_; }
  void locate(HostId host); // asks the tracker
  void announce(HostId host);
  void dial(HostId from, HostId to);
  void on_gained(ChunkIndex chunk);
  void on_left(const Host& host);
  void on_done() { --fetching_; }

 private:
  void on_begun(FlowId flow, const Message& message) override;
  void on_message(FlowId flow, Message message) override;
  void on_drained(FlowId flow) override;
  void on(const Event& event);
  void on_connected(HostId from, HostId to);
  void on_leave(HostId host);
  void answer(HostId host);
  void glimpse();

  const Scenario scenario_;
  Events events_;
  Network network_;
  std::mt19937_64 random_;
  std::minstd_rand chance_;
  std::deque<Host> hosts_;
  const Time start_;
  std::size_t fetching_ = 0;

  // The tracker's.
  std::vector<HostId> holders_;
  std::vector<std::uint8_t> announced_; // by host

  std::vector<std::uint32_t> copies_; // by chunk
  std::uint64_t chunks_there_ = 0;    // with those who fetch
  std::vector<Glimpse> glimpses_;
  std::uint64_t sent_ = 0; // as of the last glimpse
  Time glimpsed_{};
};

} // namespace p2pd::sim
