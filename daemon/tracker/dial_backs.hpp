// How often the tracker has one peer dial another. Who asks for it names any peer, and where it is
// to dial; so the asker's network pays, and each peer is asked for so many alone. Pure: the time is
// passed in. Loop thread, as its owner's.
#pragma once

#include "daemon/net/debt.hpp"
#include "proto/ids.hpp"

#include <unordered_map>

namespace p2pd::tracker {

class DialBacks final {
 public:
  using Duration = net::Debt::Duration;

  // A fetch may have 50 sources, all behind NAT, and is told of 50 more each five seconds. Behind
  // one router there may be as many who fetch from one peer.
  static constexpr int most_of_asker = 128;
  static constexpr Duration of_asker = std::chrono::milliseconds(100); // after which one is past
  static constexpr int most_to_one = 128;
  static constexpr Duration to_one = std::chrono::milliseconds(100);
  static constexpr std::size_t most_remembered = 4096; // of each kind

  // Whether one may be asked for now, which then counts. `asker`: the network() it is seen in.
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
