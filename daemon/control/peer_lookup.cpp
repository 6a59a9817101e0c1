#include "daemon/control/peer_lookup.hpp"

#include "daemon/control/catalog_commands.hpp"

#include <map>
#include <optional>

namespace p2pd::control {

namespace {

using proto::PeerId;
using proto::PeerInfo;

// Those who may be meant, each once: whoever is added first is known best.
class Candidates {
 public:
  Candidates(const Node& node, std::string word) : word_(std::move(word)) {
    const net::Self& self = node.sessions.self();
    PeerInfo own{node.sessions.id(), self.name, self.site, {}};
    own.addresses.assign(node.listen.begin(), node.listen.end());
    own.addresses.insert(own.addresses.end(), self.advertise.begin(), self.advertise.end());
    add(own);
  }
  // The one that is known by that name: no other one is meant, neither one that calls itself so nor
  // one whose id begins so.
  void mean(const PeerId& known) { known_ = known; }
  void add(const PeerInfo& peer) {
    if (answers_to(peer, word_)) found_.try_emplace(peer.id, peer);
  }
  bool empty() const { return found_.empty(); }

  // A whole name or address goes before the beginning of an id.
  void choose(const CallPtr& call, const UsePeer& use, ControlError nobody) {
    if (known_) {
      std::erase_if(found_, [&](const auto& each) {
        if (each.first == *known_) return false;
        if (each.second.name == word_)
          nobody.message = '"' + proto::printable(word_) + "\" was first known here as " +
                           to_text(*known_) + ", which is not here; " + to_text(each.first) +
                           " calls itself so as well";
        return true;
      });
    }
    if (std::ranges::any_of(found_, [this](const auto& each) { return is_whole(each.second); }))
      std::erase_if(found_, [this](const auto& each) { return !is_whole(each.second); });
    if (found_.empty()) return call->error(nobody);
    if (found_.size() == 1) return use(found_.begin()->second);
    std::string list;
    for (const auto& [id, peer] : found_)
      list += (list.empty() ? "" : ", ") + proto::printable(peer.name) + " (" + to_text(id) + ')';
    call->error({ExitCode::failed, '"' + proto::printable(word_) + "\" is several peers: " + list,
                 "name one by its id"});
  }

 private:
  bool is_whole(const PeerInfo& peer) const {
    return peer.name == word_ || std::ranges::find(peer.addresses, word_) != peer.addresses.end();
  }

  const std::string word_;
  std::optional<PeerId> known_;
  std::map<PeerId, PeerInfo> found_;
};

ControlError nobody(const CallPtr& call, const std::string& where) {
  return {ExitCode::not_found,
          '"' + proto::printable(call->text("peer")) + "\" is no peer that is here",
          "p2pctl peers" + where + " lists them"};
}

} // namespace

void look_up(const CallPtr& call, const Node& node, const tracker::Tracker& tracker,
             const UsePeer& use) {
  Candidates candidates(node, call->text("peer"));
  for (const PeerId& id : tracker.registry().find(call->text("peer")))
    candidates.add(tracker.registry().members().at(id)->info());
  candidates.choose(call, use, nobody(call, ""));
}

void look_up(const CallPtr& call, const Node& node, peer::Peer& peer, const UsePeer& use) {
  const auto candidates = std::make_shared<Candidates>(node, call->text("peer"));
  if (const auto known = peer.names().of(call->text("peer"))) candidates->mean(*known);
  node.sessions.each_ready([&](const net::Session& session) { candidates->add(session.info()); });
  peer.trackers().ask_all<proto::Resolved>(
      proto::Resolve{{}, call->text("peer")},
      [candidates](const peer::TrackerLink&, const proto::Resolved& answer) {
        for (const PeerInfo& found : answer.peers) candidates->add(found);
      },
      [call, candidates, use, &peer](const peer::Survey::Silent& silent) {
        ControlError none = nobody(call, " on the tracker");
        if (const std::string warning = warning_of(peer.trackers(), silent); !warning.empty())
          none.remedy = warning;
        candidates->choose(
            call,
            [call, use, &peer](const PeerInfo& meant) {
              if (meant.name == call->text("peer")) peer.names().meant(meant.name, meant.id);
              use(meant);
            },
            none);
      });
}

Value peer_value(const proto::PeerInfo& peer) {
  return {
      {"name", Value::name(peer.name)},
      {"id", to_text(peer.id)},
      {"address", peer.addresses.empty() ? Value() : Value(std::string(peer.addresses.front()))}};
}

} // namespace p2pd::control
