#include "daemon/control/peer_lookup.hpp"

#include "daemon/control/catalog_commands.hpp"

namespace p2pd::control {

namespace {

using proto::PeerId;
using proto::PeerInfo;

// Those who may be meant: whoever is added first is known best.
struct Candidates {
  std::vector<PeerInfo> peers;
  std::vector<lookup::Node> nodes;

  void add(const PeerInfo& peer) {
    peers.push_back(peer);
    nodes.push_back(lookup::node_of(peer));
  }
  void choose(const CallPtr& call, const UsePeer& use, ControlError none,
              const std::optional<PeerId>& known = std::nullopt) const {
    const lookup::ChosenNode chosen =
        lookup::choose_node(nodes, call->text("peer"), {.none = std::move(none)}, known);
    if (const auto* failure = std::get_if<ControlError>(&chosen)) return call->error(*failure);
    use(peers[std::get<std::size_t>(chosen)]);
  }
};

ControlError nobody_here(const CallPtr& call, const std::string& where) {
  return lookup::nobody(call->text("peer"), "no peer that is here",
                        "p2pctl peers" + where + " lists them");
}

} // namespace

void look_up(const CallPtr& call, const Node& node, const tracker::Tracker& tracker,
             const UsePeer& use) {
  look_up(call, node, tracker, nobody_here(call, ""), use);
}

void look_up(const CallPtr& call, const Node& node, const tracker::Tracker& tracker,
             const ControlError& none, const UsePeer& use) {
  Candidates candidates;
  candidates.add(node.sessions.own_info());
  for (const PeerId& id : tracker.registry().find(call->text("peer")))
    candidates.add(tracker.registry().members().at(id)->info());
  candidates.choose(call, use, none);
}

void look_up(const CallPtr& call, const Node& node, peer::Peer& peer, const UsePeer& use) {
  const auto candidates = std::make_shared<Candidates>();
  candidates->add(node.sessions.own_info());
  node.sessions.each_ready([&](const net::Session& session) { candidates->add(session.info()); });
  peer.trackers().ask_all<proto::Resolved>(
      proto::Resolve{{}, call->text("peer")},
      [candidates](const membership::TrackerLink&, const proto::Resolved& answer) {
        for (const PeerInfo& found : answer.peers) candidates->add(found);
      },
      [call, candidates, use, &peer](const membership::Survey::Silent& silent) {
        ControlError none = nobody_here(call, " on the tracker");
        if (const std::string warning = warning_of(peer.trackers(), silent); !warning.empty())
          none.remedy = warning;
        candidates->choose(
            call,
            [call, use, &peer](const PeerInfo& meant) {
              if (meant.name == call->text("peer")) peer.names().meant(meant.name, meant.id);
              use(meant);
            },
            none, peer.names().of(call->text("peer")));
      });
}

Value peer_value(const proto::PeerInfo& peer) {
  return {
      {"name", Value::name(peer.name)},
      {"id", to_text(peer.id)},
      {"address", peer.addresses.empty() ? Value() : Value(std::string(peer.addresses.front()))}};
}

} // namespace p2pd::control
