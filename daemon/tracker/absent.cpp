#include "daemon/tracker/absent.hpp"

namespace p2pd::tracker {

namespace {

constexpr std::size_t most = 500'000; // announcements, some 200 bytes each

} // namespace

void Absent::put(const proto::PeerId& peer, std::vector<proto::Publish> told) {
  take(peer);
  if (told.empty() || kept_ + told.size() > most) return;
  kept_ += told.size();
  peers_.emplace(peer, Peer{std::move(told), io::Clock::now() + grace_});
  if (!sweep_.active()) sweep_.once(grace_);
}

Absent::Told Absent::take(const proto::PeerId& peer) {
  auto found = peers_.extract(peer);
  if (found.empty()) return {};
  kept_ -= found.mapped().told.size();
  if (found.mapped().until < io::Clock::now()) return {};
  return {std::move(found.mapped().told), found.mapped().until - grace_};
}

void Absent::sweep() {
  std::erase_if(peers_, [this, now = io::Clock::now()](const auto& entry) {
    const Peer& peer = entry.second;
    if (peer.until > now) return false;
    kept_ -= peer.told.size();
    return true;
  });
  if (!peers_.empty()) sweep_.once(grace_);
}

} // namespace p2pd::tracker
