// What is to happen in virtual time, in its order; of one moment, in the order in which it was
// planned. Thread: one; a value.
#pragma once

#include "daemon/swarm/time.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

namespace p2pd::sim {

using swarm::Duration;
using swarm::Time;
using Bytes = std::uint64_t;
using HostId = std::uint32_t;
using FlowId = std::uint32_t;

struct Event {
  enum class Kind : std::uint8_t {
    moved, // a: flow, b: bytes, c: so many queues are behind them (network.cpp)
    joins, // a: host, from here on
    leaves,
    mutes,
    connected,   // b: the other one, which was dialled
    told,        // the tracker's answer has come
    ticks,       // of a fetch
    second,      // likewise
    seeks,       // the next neighbour may be dialled
    tells,       // of what was gained
    tells_known, // likewise, those who have it
    looks,       // whether those who are served take it
    serves,      // what was held back may be sent
    read,        // b: link; the next of its images
    verified,    // b: chunk
    announces,   // to the tracker
  };
  Time at{};
  std::uint64_t order = 0;
  Kind kind{};
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  std::uint32_t c = 0;
};

class Events final {
 public:
  Time now() const { return now_; }
  void plan(Duration after, Event event) {
    event.at = now_ + after;
    event.order = order_++;
    heap_.push_back(event);
    std::push_heap(heap_.begin(), heap_.end(), later);
  }
  bool empty() const { return heap_.empty(); }
  Event next() {
    std::pop_heap(heap_.begin(), heap_.end(), later);
    const Event event = heap_.back();
    heap_.pop_back();
    now_ = event.at;
    ++passed_;
    return event;
  }
  std::uint64_t passed() const { return passed_; }

 private:
  static bool later(const Event& one, const Event& other) {
    return one.at != other.at ? one.at > other.at : one.order > other.order;
  }
  Time now_ = Time() + std::chrono::hours(1); // a time of zero stands for never in the policies
  std::uint64_t order_ = 0;
  std::uint64_t passed_ = 0;
  std::vector<Event> heap_;
};

} // namespace p2pd::sim
