#include "daemon/net/replays.hpp"

namespace p2pd::net {

bool Replays::first(const Key& ephemeral, io::Time now) {
  while (!seen_.empty() && now - seen_.front().when > memory) forget_oldest();
  const auto [key, inserted] = keys_.insert(ephemeral);
  if (!inserted) return false;
  seen_.push_back({now, key});
  if (seen_.size() > most) forget_oldest();
  return true;
}

void Replays::forget_oldest() {
  keys_.erase(seen_.front().key);
  seen_.pop_front();
}

} // namespace p2pd::net
