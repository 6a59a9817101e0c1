#include "daemon/membership/acquaintances.hpp"

#include <ctime>

namespace p2pd::membership {

namespace {

constexpr std::size_t most = 50;

} // namespace

void Acquaintances::restore(const std::vector<state::PeerRecord>& peers) {
  for (const state::PeerRecord& record : peers) {
    if (peers_.size() == most) return;
    proto::PeerInfo& peer = peers_.emplace_back().node;
    peer.id = record.id;
    peer.name = record.name;
    for (const std::string& address : record.addresses)
      if (peer.addresses.size() < peer.addresses.max) peer.addresses.emplace_back(address);
  }
}

void Acquaintances::met(const net::Session& session) {
  const net::Told met(session.info(), session.remote());
  const proto::PeerInfo& peer = met.node;
  std::erase_if(peers_, [&](const net::Told& known) { return known.node.id == peer.id; });
  const state::PeerRecord record{
      peer.id, peer.name, {peer.addresses.begin(), peer.addresses.end()}, std::time(nullptr)};
  state_.change(state::StateDb::Durable::no,
                [record](state::StateStore& store) { store.put_peer(record); });
  names_.met(peer.name, peer.id);
  peers_.push_front(met);
  if (peers_.size() > most) peers_.pop_back();
}

} // namespace p2pd::membership
