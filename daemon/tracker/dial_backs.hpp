// Rate limits for dial-backs, in which the tracker has one peer dial another. The asker names any
// peer and the address to dial, so both the asker's network and the dialling peer are limited.
// Pure: the time is passed in. Loop thread, like its owner.
#pragma once

#include "daemon/net/debt.hpp"
#include "proto/ids.hpp"

#include <unordered_map>

namespace p2pd::tracker {

class DialBacks final {
 public:
  using Duration = net::Debt::Duration;

  // A fetch may have 50 sources, all behind NAT, and learns of 50 more every five seconds. Behind
  // one router there may be as many peers that fetch from one.
  static constexpr int most_of_asker = 128;
  static constexpr Duration of_asker = std::chrono::milliseconds(100); // per request
  static constexpr int most_to_one = 128;
  static constexpr Duration to_one = std::chrono::milliseconds(100);
  static constexpr std::size_t most_remembered = 4096; // of askers, and of peers

  // Whether one is allowed now, which then counts. `asker`: the network() that it connects from.
  bool take(std::uint64_t asker, const proto::PeerId& peer, io::Time now) {
    forget(now);
    net::Debt& asked = askers_[asker];
    net::Debt& dials = peers_[peer];
    if (asked.over(most_of_asker * of_asker, now) || dials.over(most_to_one * to_one, now))
      return false;
    asked.charge(of_asker, now);
    dials.charge(to_one, now);
    return true;
  }

 private:
  void forget(io::Time now) {
    const auto paid = [now](const auto& entry) { return entry.second.none(now); };
    if (askers_.size() > most_remembered) std::erase_if(askers_, paid);
    if (peers_.size() > most_remembered) std::erase_if(peers_, paid);
  }

  std::unordered_map<std::uint64_t, net::Debt> askers_;
  std::unordered_map<proto::PeerId, net::Debt> peers_;
};

} // namespace p2pd::tracker
