#include "daemon/control/doctor.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace p2pd::control {

namespace {

constexpr std::array<std::string_view, 3> health_names{"ok", "warn", "fail"};

Value value_of(const Checks& checks) {
  Value::Array rows;
  for (const Check& check : checks)
    rows.push_back({{"name", check.name},
                    {"state", health_names.at(static_cast<std::size_t>(check.health))},
                    {"finding", Value::name(check.finding)},
                    {"remedy", Value::name(check.remedy)}});
  return {{"checks", std::move(rows)}};
}

Check check_ports(const Node& node) {
  const net::Standing standing = net::standing(node.sessions.whereabouts());
  if (!standing.lack.empty()) return {"ports", Health::warn, standing.lack, standing.remedy};
  std::string addresses;
  for (const std::string& address : node.listen)
    addresses += (addresses.empty() ? "" : ", ") + address;
  return {"ports", Health::ok, addresses, ""};
}

std::string own_identity(const std::filesystem::path& state_dir) {
  return fmt::format("this machine was copied: stop p2pd here, remove {}, and start it again; it "
                     "makes an identity of its own",
                     (state_dir / "identity.key").string());
}

// Machines that were copied, and try to get in again and again.
Checks check_clones(const net::SessionSet& sessions) {
  constexpr std::chrono::minutes current{2};
  Checks checks;
  for (const auto& [id, clone] : sessions.clones())
    if (io::Clock::now() - clone.last < current)
      checks.push_back(
          {"identity", Health::warn,
           fmt::format("another machine, at {}, uses the identity of {}, at {}", clone.turned_away,
                       proto::printable(clone.name), clone.stays),
           fmt::format("at {} stop p2pd, remove identity.key from its state folder, and start it "
                       "again",
                       clone.turned_away)});
  return checks;
}

Check check_absent(const membership::TrackerLink& link, Health health,
                   const std::filesystem::path& state_dir) {
  const std::string finding = fmt::format("{} is not connected: {}", base::to_text(link.address()),
                                          net::to_text(link.attempts(), link.cause()));
  if (link.state() == membership::TrackerLink::State::cloned)
    return {"tracker", health, finding, own_identity(state_dir)};
  if (link.state() == membership::TrackerLink::State::refused)
    return {"tracker", health, finding,
            "join it again with a new token of its \"p2pctl invite\", or drop it with \"p2pctl "
            "disconnect\""};
  if (net::unresolved(link.attempts()))
    return {"dns", health, finding,
            "mend the name servers in /etc/resolv.conf, or name the tracker by its IP address"};
  return {"tracker", health, finding,
          fmt::format("see that p2pd runs there as a tracker, with the same secret, and that "
                      "firewalls let TCP port {} through",
                      link.address().port)};
}

Check check_connections(const net::SessionSet& sessions) {
  Check check{"connections", Health::ok,
              fmt::format("{} of {} in use", sessions.size(), sessions.limit()), ""};
  if (sessions.may_dial(net::Purpose::peer)) return check;
  check.health = Health::warn;
  check.remedy = "links that are needed wait for others to end; raise [limits] connections and run "
                 "\"p2pctl reload\"";
  return check;
}

// One that is not connected is grave where no other one is.
Checks check_trackers(const membership::Trackers& trackers, bool member,
                      const std::filesystem::path& state_dir) {
  Checks checks;
  const Health health = trackers.connected() > 0 ? Health::warn : Health::fail;
  for (const auto& link : trackers.links())
    if (link->state() == membership::TrackerLink::State::connected)
      checks.push_back(
          {"tracker", Health::ok, base::to_text(link->address()) + " is connected", ""});
    else
      checks.push_back(check_absent(*link, health, state_dir));
  if (checks.empty() && member)
    checks.push_back({"tracker", Health::fail, "this peer knows no tracker",
                      "\"p2pctl join TOKEN\" adds one, with what \"p2pctl invite\" prints there"});
  return checks;
}

Checks check_peers(const tracker::Tracker& tracker) {
  const std::size_t count = tracker.registry().members().size();
  if (count > 0) return {{"peers", Health::ok, fmt::format("{} registered", count), ""}};
  return {{"peers", Health::warn, "no peer is here",
           "run \"p2pctl invite\" here, and on another machine \"p2pctl join TOKEN\" with what it "
           "prints"}};
}

// Hosts to or from which large packets were lost.
Checks check_paths(const net::SessionSet& sessions) {
  std::string hosts;
  sessions.segment_sizes().each(io::Clock::now(), [&](const std::string& host) {
    hosts += (hosts.empty() ? "" : ", ") + host;
  });
  if (hosts.empty()) return {};
  return {
      {"mtu", Health::warn,
       "large packets seem to be lost on the way to or from " + hosts + ", so it sends small ones",
       "set the smaller MTU on the hosts, or let ICMP through on the way; \"sysctl -w "
       "net.ipv4.tcp_mtu_probing=1\" has TCP find a size that passes"}};
}

Checks check_files(const std::vector<library::Trouble>& troubles) {
  if (troubles.empty()) return {};
  const std::string_view cause = troubles.front().cause;
  const std::size_t end = cause.find("; ");
  const std::string others =
      troubles.size() == 1 ? "" : fmt::format("; and {} others", troubles.size() - 1);
  return {{"files", Health::warn, std::string(cause.substr(0, end)) + others,
           end == std::string_view::npos
               ? "it is tried again by itself"
               : std::string(cause.substr(end + 2)) + "; it is tried again by itself"}};
}

// Whose claims are fetched without anybody having been asked.
Checks check_auto_fetch(const peer::AutoFetcher& follower) {
  constexpr std::size_t most_told = 5;
  Checks checks;
  std::string globs;
  for (const std::string& glob : follower.open_to_all())
    globs += (globs.empty() ? "" : ", ") + disk::in_quotes(glob);
  if (!globs.empty())
    checks.push_back({"auto_fetch", Health::warn,
                      "whoever claims a name first is followed, by " + globs,
                      "write GLOB@PEERID in [peer] auto_fetch, with the publisher's id from "
                      "\"p2pctl files\", and run \"p2pctl reload\""});
  for (const auto& [name, warning] : follower.foreign()) {
    if (checks.size() > most_told) break;
    checks.push_back({"auto_fetch", Health::warn, warning,
                      "set GLOB@PEERID to follow another publisher, or ask the one who claims it"});
  }
  return checks;
}

Checks check_peer(const Node& node, const peer::Peer& peer, const membership::Trackers& trackers) {
  Checks checks = check_trackers(trackers, node.sessions.member(), node.config.state_dir);
  for (Check& check : check_files(peer.troubles())) checks.push_back(std::move(check));
  for (Check& check : check_auto_fetch(peer.auto_fetcher())) checks.push_back(std::move(check));
  return checks;
}

} // namespace

Doctor::Doctor(const Node& node, const tracker::Tracker& tracker)
    : node_(node)
    , role_{[&tracker] { return check_peers(tracker); }, [](const PathsUser& use) { use({}); }} {}

Doctor::Doctor(const Node& node, peer::Peer& peer)
    : node_(node)
    , role_{[&node, &peer] { return check_peer(node, peer, peer.trackers()); },
            [&peer](const PathsUser& use) { peer.known_paths(use); }} {}

void Doctor::examine(const CallPtr& call) {
  waiting_.push_back(call);
  if (waiting_.size() > 1) return;
  role_.known_paths(alive_.guard(
      [](Doctor& self, std::vector<std::string> paths) { self.look(std::move(paths)); }));
}

void Doctor::look(std::vector<std::string> paths) {
  looking_ = io::run(
      node_.loop,
      [config = node_.config, member = node_.sessions.member(), paths = std::move(paths)] {
        Checks checks = checkup::check_machine(config, member);
        for (Check& check : checkup::check_mounts(paths)) checks.push_back(std::move(check));
        return checks;
      },
      [this](Checks checks) { answer(std::move(checks)); });
}

void Doctor::answer(Checks checks) {
  checks.push_back(check_ports(node_));
  checks.push_back(check_connections(node_.sessions));
  for (Check& check : check_clones(node_.sessions)) checks.push_back(std::move(check));
  for (Check& check : role_.checks()) checks.push_back(std::move(check));
  for (Check& check : check_paths(node_.sessions)) checks.push_back(std::move(check));
  for (const CallPtr& call : std::exchange(waiting_, {})) call->ok(value_of(checks));
}

} // namespace p2pd::control
