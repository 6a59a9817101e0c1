#include "daemon/control/member_commands.hpp"

#include "daemon/control/peer_lookup.hpp"
#include "proto/join_token.hpp"

namespace p2pd::control {

namespace {

using proto::PeerId;

// Whom a word means: an id, and the name that goes with it where that is known.
struct Meant {
  PeerId id;
  std::string name;
};

Value value_of(const Meant& meant, const char* state) {
  return {{"name", Value::name(meant.name)}, {"id", to_text(meant.id)}, {"state", state}};
}

void invite(const CallPtr& call, const Node& node) {
  const net::Standing standing = net::standing(node.sessions.whereabouts());
  const bool meant = std::ranges::all_of(node.sessions.self().listening, &io::Endpoint::loopback);
  if (standing.addresses.empty() || (standing.scope == net::Scope::machine && !meant))
    return call->error({ExitCode::failed,
                        "no token would be of use to another machine: " + standing.lack,
                        standing.remedy + ", and run p2pctl invite again"});
  proto::JoinToken token{node.sessions.id(), node.sessions.keys().secrets.front(), {}};
  Value::Array addresses;
  for (const std::string& address : standing.addresses) {
    if (token.addresses.size() == token.addresses.max) break;
    token.addresses.emplace_back(address);
    addresses.emplace_back(address);
  }
  call->ok({{"token", to_text(token)},
            {"addresses", std::move(addresses)},
            {"warning", standing.lack.empty() ? "" : standing.lack + "; " + standing.remedy}});
}

state::StateDb::Done answer(const CallPtr& call, const Meant& meant, const char* state) {
  return [call, meant, state](const disk::Outcome& outcome) {
    if (outcome) return call->ok(value_of(meant, state));
    call->error({ExitCode::failed, outcome.fault().message, ""});
  };
}

// One of the peers that are here; the call is answered where it is none, or the tracker itself.
void look_up_member(const CallPtr& call, const Node& node, const tracker::Tracker& tracker,
                    const ControlError& none, const std::function<void(const Meant&)>& use) {
  look_up(call, node, tracker, none, [call, &node, use](const proto::PeerInfo& peer) {
    if (peer.id == node.sessions.id())
      return call->error({ExitCode::failed, "this is the tracker itself", "name one of its peers"});
    use({peer.id, peer.name});
  });
}

void kick(const CallPtr& call, const Node& node, const tracker::Tracker& tracker,
          tracker::Moderator& moderator) {
  look_up_member(
      call, node, tracker,
      lookup::nobody(call->text("peer"), "no peer that is here", "p2pctl peers lists them"),
      [call, &moderator](const Meant& meant) {
        moderator.kick(meant.id);
        call->ok(value_of(meant, "kicked"));
      });
}

void ban(const CallPtr& call, tracker::Tracker& tracker, tracker::Moderator& moderator,
         const Meant& meant) {
  if (tracker.bans().size() >= tracker::BanList::max)
    return call->error({ExitCode::failed,
                        std::to_string(tracker::BanList::max) + " peers are banned already",
                        "change the network's secret instead, see p2pd(8)"});
  moderator.ban(meant.id, meant.name, answer(call, meant, "banned"));
}

void ban(const CallPtr& call, const Node& node, tracker::Tracker& tracker,
         tracker::Moderator& moderator) {
  const auto whole = proto::peer_id(call->text("peer"));
  if (whole && *whole != node.sessions.id() && !tracker.registry().has(*whole))
    return ban(call, tracker, moderator, {*whole, ""}); // who is away
  look_up_member(
      call, node, tracker,
      lookup::nobody(call->text("peer"), "no peer that is here",
                     "p2pctl peers lists them; ban who is away by the whole id"),
      [call, &tracker, &moderator](const Meant& meant) { ban(call, tracker, moderator, meant); });
}

void unban(const CallPtr& call, tracker::Tracker& tracker, tracker::Moderator& moderator) {
  std::vector<Meant> banned;
  std::vector<lookup::Node> nodes;
  for (const auto& [id, record] : tracker.bans().all()) {
    banned.push_back({id, record.name});
    nodes.push_back({.id = id, .name = record.name});
  }
  const lookup::ChosenNode chosen = lookup::choose_node(
      nodes, call->text("peer"),
      {.none = lookup::nobody(call->text("peer"), "not banned here",
                              "p2pctl bans lists who is, by id and by the name of then")});
  if (const auto* failure = std::get_if<ControlError>(&chosen)) return call->error(*failure);
  const Meant& meant = banned[std::get<std::size_t>(chosen)];
  moderator.lift(meant.id, answer(call, meant, "allowed"));
}

void bans(const CallPtr& call, const tracker::BanList& list) {
  Value::Array rows;
  for (const auto& [id, record] : list.all())
    rows.push_back({{"name", Value::name(record.name)},
                    {"id", to_text(id)},
                    {"since", timestamp(record.since)}});
  call->ok({{"bans", std::move(rows)}});
}

} // namespace

void bind_members(Dispatcher& dispatcher, Node& node, tracker::Tracker& tracker,
                  tracker::Moderator& moderator) {
  dispatcher.bind("invite", [&](const CallPtr& call) { invite(call, node); });
  dispatcher.bind("kick", [&](const CallPtr& call) { kick(call, node, tracker, moderator); });
  dispatcher.bind("ban", [&](const CallPtr& call) { ban(call, node, tracker, moderator); });
  dispatcher.bind("unban", [&](const CallPtr& call) { unban(call, tracker, moderator); });
  dispatcher.bind("bans", [&](const CallPtr& call) { bans(call, tracker.bans()); });
}

} // namespace p2pd::control
