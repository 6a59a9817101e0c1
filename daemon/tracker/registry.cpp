#include "daemon/tracker/registry.hpp"

#include "daemon/net/reachability.hpp"

namespace p2pd::tracker {

namespace {

template <class Use>
void each_word(const PeerInfo& info, Use&& use) {
  use(std::pair<std::string, PeerId>(info.name, info.id));
  for (const proto::Address& address : info.addresses)
    use(std::pair<std::string, PeerId>(address, info.id));
}

} // namespace

void Registry::enter(net::Session& session) {
  leave(session.id());
  members_[session.id()] = &session;
  each_word(session.info(), [this](auto word) { words_.insert(std::move(word)); });
}

bool Registry::holds(const net::Session& session) const {
  const auto member = members_.find(session.id());
  return member != members_.end() && member->second == &session;
}

void Registry::renew(const net::Session& session, const PeerInfo& before) {
  if (!holds(session)) return;
  each_word(before, [this](const auto& word) { words_.erase(word); });
  each_word(session.info(), [this](auto word) { words_.insert(std::move(word)); });
}

void Registry::leave(const PeerId& id) {
  const auto member = members_.find(id);
  if (member == members_.end()) return;
  each_word(member->second->info(), [this](const auto& word) { words_.erase(word); });
  members_.erase(member);
}

PeerInfo Registry::describe(const PeerId& id, const net::Session& asker) const {
  return members_.at(id)->info_for(asker);
}

proto::Publisher Registry::publisher(const PeerId& id) const {
  const auto member = members_.find(id);
  if (member == members_.end()) return {id, {}, {}};
  const PeerInfo& info = member->second->info();
  return {id, info.name, net::most_public(info)};
}

std::vector<PeerId> Registry::find(std::string_view word) const {
  if (word.empty()) return {};
  std::set<PeerId> found;
  for (auto at = words_.lower_bound({std::string(word), PeerId()});
       at != words_.end() && at->first == word; ++at)
    found.insert(at->second);
  // The first id that could have this prefix, then all that do. "a" is the digit for zero bits.
  const std::size_t digits = to_text(PeerId()).size();
  std::string padded(word);
  padded.resize(std::max(digits, padded.size()), 'a');
  if (const auto lowest = proto::peer_id(padded))
    for (auto at = members_.lower_bound(*lowest);
         at != members_.end() && to_text(at->first).starts_with(word); ++at)
      found.insert(at->first);
  return {found.begin(), found.end()};
}

} // namespace p2pd::tracker
