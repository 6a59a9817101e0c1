// Those who watch: each gets the kinds of events that it asked for, until it goes or reads too
// slowly. Loop thread only.
#pragma once

#include "daemon/control/call.hpp"
#include "proto/control/event_kinds.hpp"

namespace p2pd::control {

using proto::EventKind;

class Watchers final {
 public:
  // Hears which kinds somebody wants now, as their bits, whenever that changes.
  using Changed = std::function<void(std::uint32_t kinds)>;
  explicit Watchers(Changed changed) : changed_(std::move(changed)) {}

  void add(const CallPtr& call); // refused where its filter names no kind
  void tell(EventKind kind, const Value& event);
  void tell(const proto::Notice& notice);

 private:
  struct Watcher {
    CallPtr call;
    std::uint32_t kinds;
  };
  void sum_up();

  Changed changed_;
  std::vector<Watcher> watchers_;
  std::uint32_t kinds_ = 0; // of all of them
};

} // namespace p2pd::control
