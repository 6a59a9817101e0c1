#include "daemon/links/links.hpp"

#include "daemon/base/log.hpp"

#include <algorithm>
#include <iterator>

namespace p2pd::links {

namespace {

constexpr unsigned most_strikes = 2;
constexpr std::size_t most_unreachable = 1000;
// At once, of peers; with all their addresses they may be more. A fetch asks 50 at a time.
constexpr std::size_t most_dials = 256;
// To each other: enough for all to find all, however many they are.
constexpr std::size_t most_introduced = 8;
constexpr io::Clock::duration stranded_time = std::chrono::minutes(1);
constexpr io::Clock::duration distrust_time = std::chrono::hours(1);
constexpr io::milliseconds join_for{1}; // of news, for each link that is to hear of them
constexpr io::milliseconds longest_join{100};
constexpr io::milliseconds known_period{1000};
constexpr io::milliseconds let_go_period{2000};

// What others tell is never looked up, so names are left out.
std::vector<io::Endpoint> dialable(const proto::PeerInfo& peer) {
  std::vector<io::Endpoint> addresses;
  for (const proto::Address& address : peer.addresses)
    if (const auto literal = io::Endpoint::parse(address)) addresses.push_back(*literal);
  return addresses;
}

} // namespace

// One attempt to reach one peer. Who cares tries again: transfers ask the trackers every few
// seconds.
class Links::Dial final : private net::Dialer::Owner {
 public:
  Dial(Links& links, const proto::PeerInfo& peer, Then then)
      : links_(links)
      , peer_(peer)
      , then_(then)
      , dialer_(links.deps_.loop, links.deps_.sessions, *this) {}
  // It may have ended when this returns.
  void start(std::vector<base::HostPort> addresses, Teller told_by) {
    dialer_.reach(std::move(addresses), peer_.id, told_by);
  }
  const proto::PeerId& id() const { return peer_.id; }
  bool has_proved() const { return dialer_.has_proved(); }
  void give_up() { dialer_.give_up(); }

 private:
  void on_reached(net::Session& session) override {
    links_.adopt(session);
    links_.ended(*this);
  }
  // The peer may be able to dial this node where this node cannot dial it (RFC 8305 knows no such
  // way; it joins the race as one more address would).
  void on_delayed() override {
    if (std::exchange(then_, Then::give_up) == Then::call_back)
      links_.listener_.on_slow_dial(peer_);
  }
  void on_unreachable(const std::string& cause) override {
    base::log::debug("links", "{} is not to be reached: {}", peer_.name, cause);
    links_.note(id(), {cause, dialer_.attempts()});
    if (!links_.full()) on_delayed();
    links_.ended(*this);
  }

  Links& links_;
  const proto::PeerInfo peer_;
  Then then_;
  net::Dialer dialer_;
};

Links::Links(const LinksDeps& deps, LinksListener& listener)
    : deps_(deps)
    , listener_(listener)
    , tell_gained_(deps.loop, io::bind<&Links::tell_gained>(this))
    , tell_known_(deps.loop, io::bind<&Links::tell_known>(this))
    , let_go_(deps.loop, io::bind<&Links::let_go>(this))
    , graveyard_(deps.loop) {
  deps.library.listen(*this);
}

Links::~Links() = default;

void Links::note(const proto::PeerId& id, Unreachable why) {
  if (unreachable_.size() >= most_unreachable) unreachable_.erase(unreachable_.begin());
  unreachable_[id] = std::move(why);
}

void Links::dial(const proto::PeerInfo& peer, Teller told_by, Then then) {
  if (peer.id == deps_.sessions.id() || deps_.sessions.banned(peer.id) ||
      links_.contains(peer.id) || dials_.contains(peer.id))
    return;
  if (dials_.size() >= most_dials)
    return note(peer.id, {"many others are being dialled; it is tried again in a moment", {}});
  std::string why = "it told no address that can be dialled from here";
  bool trusted = true; // or who told of it has told of too much
  std::vector<base::HostPort> addresses;
  for (const io::Endpoint& address : dialable(peer)) {
    using Answer = net::DialLedger::Answer;
    const Answer answer =
        told_by ? deps_.sessions.dial_ledger().may_dial(address, *told_by, io::Clock::now())
                : Answer::yes;
    if (answer == Answer::yes)
      addresses.push_back({address.host(), address.port()});
    else
      why = address.text() + ": " + std::string(to_text(answer));
    trusted = trusted && (answer == Answer::yes || answer == Answer::later);
  }
  if (addresses.empty()) {
    if (!unreachable_.contains(peer.id)) note(peer.id, {why, {}});
    if (trusted && then == Then::call_back) listener_.on_slow_dial(peer);
    return;
  }
  Dial& dial = *(dials_[peer.id] = std::make_unique<Dial>(*this, peer, then));
  dial.start(std::move(addresses), told_by);
}

void Links::dial_back(const net::Told& told) {
  const proto::PeerInfo& peer = told.node;
  Link* const link = find(peer.id);
  if (link == nullptr) return dial(peer, told.by, Then::give_up);
  net::Session* const there = deps_.sessions.find(peer.id);
  if (there == nullptr) return;
  deps_.sessions.probe(*there, [this, there, peer, by = told.by](bool alive) {
    if (alive) return;
    if (deps_.sessions.find(peer.id) == there)
      there->close(proto::Reason::refused, "it does not answer");
    dial(peer, by, Then::give_up);
  });
}

void Links::stranded(const proto::PeerInfo& peer) {
  stranded_[peer.id] = {peer, io::Clock::now() + stranded_time};
}

void Links::redial() {
  std::erase_if(stranded_,
                [now = io::Clock::now()](const auto& each) { return each.second.until <= now; });
  for (const auto& [id, each] : stranded_) dial(each.peer, {}, Then::call_back);
}

void Links::reach(const proto::PeerInfo& peer, Reached reached) {
  awaited_.emplace(peer.id, std::move(reached));
  dial(peer, {}, Then::call_back);
  if (!dials_.contains(peer.id)) tell_reached(peer.id);
}

void Links::tell_reached(proto::PeerId id) {
  Link* const link = find(id);
  const auto [first, last] = awaited_.equal_range(id);
  std::vector<Reached> calls;
  for (auto at = first; at != last; ++at) calls.push_back(std::move(at->second));
  awaited_.erase(first, last);
  for (const Reached& call : calls) call(link);
}

void Links::adopt(net::Session& session) {
  if (distrusts(session.id()))
    return session.close(proto::Reason::refused, "it sent chunks with wrong hashes");
  auto link = std::make_unique<Link>(*this, session);
  Link& fresh = *link;
  unreachable_.erase(fresh.id());
  stranded_.erase(fresh.id());
  // Where two links to one peer crossed, the set of sessions has closed the other already.
  links_[fresh.id()] = std::move(link);
  if (links_.size() > net::kept_idle && !let_go_.active()) let_go_.once(let_go_period);
  base::log::debug("links", "connected to {} at {}", session.hello().name, session.remote().text());
  const proto::PeerId id = fresh.id();
  listener_.on_link(fresh);
  if (!session.initiator()) withdraw_dial(id);
}

// The peer dialled this node meanwhile. An attempt that has proved itself goes on: both sides may
// have got that far, and the set of sessions has both keep the same one of the two.
void Links::withdraw_dial(const proto::PeerId& id) {
  const auto found = dials_.find(id);
  if (found == dials_.end() || found->second->has_proved()) return;
  found->second->give_up();
  ended(*found->second);
}

void Links::strike(const proto::PeerId& id) {
  Link* const link = find(id);
  Strikes& strikes = strikes_[id];
  if (link != nullptr) strikes.name = link->session().hello().name;
  if (++strikes.count < most_strikes) return;
  strikes.until = io::Clock::now() + distrust_time;
  base::log::warn("links",
                  "{} ({}) sent chunks with wrong hashes; it is not asked again for an hour",
                  strikes.name, to_text(id));
  if (watch_)
    watch_(link != nullptr ? link->session().info() : proto::PeerInfo{id, strikes.name, {}, {}});
  if (link != nullptr) link->close("it sent chunks with wrong hashes");
}

bool Links::distrusts(const proto::PeerId& id) const {
  const auto found = strikes_.find(id);
  return found != strikes_.end() && found->second.until > io::Clock::now();
}

std::vector<Links::Distrusted> Links::distrusted() const {
  std::vector<Distrusted> list;
  for (const auto& [id, strikes] : strikes_)
    if (distrusts(id)) list.push_back({id, strikes.name, strikes.until});
  return list;
}

void Links::introduce(Link& link, const ContentId& content) {
  std::vector<Link*> sharing;
  for (const auto& [id, other] : links_)
    if (other.get() != &link && other->shares(content)) sharing.push_back(other.get());
  std::vector<Link*> some;
  std::ranges::sample(sharing, std::back_inserter(some), most_introduced, chance_);
  proto::PeerExchange others{content, {}};
  for (Link* const other : some) {
    others.peers.push_back(other->session().info_for(link.session()));
    other->send(proto::PeerExchange{content, {link.session().info_for(other->session())}});
  }
  if (!others.peers.empty()) link.send(others);
}

bool Links::fetches(const ContentId& content) const {
  return std::ranges::any_of(links_, [&](const auto& each) { return each.second->wants(content); });
}

void Links::answer_early(const ContentId& content) {
  for (const auto& [id, link] : links_) link->answer_early(content);
}

void Links::evade_hole(Link& link) {
  const proto::PeerInfo peer = link.session().info();
  if (!link.note_hole()) return;
  link.close("large packets are lost on the way");
  dial(peer, {}, Then::call_back);
}

Link* Links::find(const proto::PeerId& id) const {
  const auto found = links_.find(id);
  return found == links_.end() ? nullptr : found->second.get();
}

std::string Links::cause(const proto::PeerId& id) const {
  if (distrusts(id)) return "it sent chunks with wrong hashes";
  const auto found = unreachable_.find(id);
  return found == unreachable_.end() ? "" : found->second.cause;
}

std::vector<net::Attempt> Links::attempts(const proto::PeerId& id) const {
  const auto found = unreachable_.find(id);
  return found == unreachable_.end() ? std::vector<net::Attempt>() : found->second.attempts;
}

void Links::ended(Dial& dial) {
  auto ended = dials_.extract(dial.id());
  graveyard_.add(std::move(ended.mapped()));
  tell_reached(ended.key());
}

void Links::retire(Link& link) {
  const auto found = links_.find(link.id());
  graveyard_.add(std::move(found->second));
  links_.erase(found);
}

void Links::stop() {
  tell_gained_.stop();
  tell_known_.stop();
  let_go_.stop();
  dials_.clear();
  awaited_.clear();
}

// To tell everybody of each chunk at once would cost a large swarm more than the chunks do.
void Links::on_gained(const library::Item& item, ChunkIndex chunk) {
  gained_[item.id].push_back(chunk);
  if (!tell_gained_.active())
    tell_gained_.once(std::min(static_cast<int>(links_.size()) * join_for, longest_join));
}

void Links::tell_gained() {
  for (const auto& [content, chunks] : std::exchange(gained_, {}))
    for (const auto& [id, link] : links_) link->tell_gained(content, chunks);
  if (!tell_known_.active()) tell_known_.once(known_period);
}

void Links::tell_known() {
  for (const auto& [id, link] : links_) link->tell_known();
}

// Seeders of one content, and all that was fetched over: a link costs both sides.
void Links::let_go() {
  std::vector<Link*> links;
  std::vector<net::Usefulness> uses;
  for (const auto& [id, link] : links_) {
    links.push_back(link.get());
    uses.push_back(link->session().usefulness());
  }
  for (const std::size_t idle : net::unneeded(uses, io::Clock::now()))
    links[idle]->close("nobody has used it for a while");
  if (links_.size() > net::kept_idle) let_go_.once(let_go_period);
}

void Links::on_removed(const ContentId& content) {
  gained_.erase(content);
  for (const auto& [id, link] : links_) link->tell_gone(content);
}

} // namespace p2pd::links
