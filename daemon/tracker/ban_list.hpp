// Which ids are banned from this tracker's network. A value; loop thread only.
#pragma once

#include "daemon/state/state.hpp"
#include "proto/tracker_messages.hpp"

#include <map>

namespace p2pd::tracker {

using proto::PeerId;

class BanList final {
 public:
  // The whole list fits into one message. To ban more, change the secret instead.
  static constexpr std::size_t max = decltype(proto::Ban::banned)::max;

  void put(const state::BanRecord& ban) { bans_[ban.id] = ban; }
  void remove(const PeerId& id) { bans_.erase(id); }
  bool has(const PeerId& id) const { return bans_.contains(id); }
  std::size_t size() const { return bans_.size(); }
  const std::map<PeerId, state::BanRecord>& all() const { return bans_; }

  proto::Ban message() const; // for a peer that has just registered

 private:
  std::map<PeerId, state::BanRecord> bans_;
};

} // namespace p2pd::tracker
