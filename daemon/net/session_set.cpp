#include "daemon/net/session_set.hpp"

#include "daemon/base/log.hpp"
#include "daemon/io/interfaces.hpp"
#include "daemon/net/rivals.hpp"

#include <cassert>
#include <set>
#include <sodium.h>

namespace p2pd::net {

namespace {

constexpr io::milliseconds longest_ping_period{10'000};
// The links are pinged in turn, a part of them a tick: to thousands at once the loop would have no
// time for anything else.
constexpr std::size_t most_ticks_a_round = 32;
constexpr std::size_t most_clones = 1000; // that are remembered

} // namespace

SessionSet::SessionSet(io::Loop& loop, Keys keys, Self self, std::size_t limit)
    : loop_(loop)
    , keys_(std::move(keys))
    , self_(std::move(self))
    , interfaces_(io::interface_addresses(0).value_or(std::vector<io::Endpoint>()))
    , limit_(limit)
    , probes_(loop)
    , graveyard_(loop)
    , relieve_(loop, io::bind<&SessionSet::relieve>(this))
    , tick_(loop, io::bind<&SessionSet::on_tick>(this)) {
  cipher::ready_ciphers();
  lock_secrets();
  set_silence_limit(std::chrono::seconds(30));
}

void SessionSet::set_silence_limit(io::milliseconds limit) {
  silence_limit_ = limit;
  // Two pings may be lost to a busy moment before a link counts as silent.
  round_ = std::min(longest_ping_period, limit / 3);
  await_tick();
}

void SessionSet::set_secrets(std::vector<proto::noise::Psk> secrets) {
  assert(!secrets.empty());
  release_secrets();
  keys_.secrets = std::move(secrets);
  lock_secrets();
}

// Never in swap, nor in a core file. Where the limit on locked memory forbids that, they stay
// usual memory.
void SessionSet::lock_secrets() {
  ::sodium_mlock(&keys_.identity, sizeof keys_.identity);
  if (!keys_.secrets.empty())
    ::sodium_mlock(keys_.secrets.data(), keys_.secrets.size() * sizeof keys_.secrets.front());
}

// Wipes them as well.
void SessionSet::release_secrets() {
  if (!keys_.secrets.empty())
    ::sodium_munlock(keys_.secrets.data(), keys_.secrets.size() * sizeof keys_.secrets.front());
}

void SessionSet::ban(const PeerId& id) {
  banned_.insert(id);
  std::vector<Session*> links; // one may still be on its way to say hello
  for (const auto& [session, owned] : sessions_)
    if (session->id() == id) links.push_back(session);
  for (Session* const link : links) link->close(proto::Reason::refused, "banned");
}

void SessionSet::present(Self self, std::vector<io::Endpoint> interfaces) {
  std::vector<std::pair<Session*, proto::Hello>> told;
  if (self.role == proto::Role::peer)
    each_ready([&](Session& session) { told.emplace_back(&session, hello(session)); });
  std::set<std::string> gone;
  for (const io::Endpoint& own : interfaces_) gone.insert(own.host());
  for (const io::Endpoint& own : interfaces) gone.erase(own.host());
  std::vector<Session*> stranded;
  for (const auto& [session, owned] : sessions_)
    if (!gone.empty() && gone.contains(session->local().host())) stranded.push_back(session);
  self_ = std::move(self);
  interfaces_ = std::move(interfaces);
  for (Session* const session : stranded) session->strand();
  for (const auto& [session, before] : told)
    if (sessions_.contains(session)) session->renew(before);
}

proto::Hello SessionSet::hello(const Session& to) const {
  proto::Hello hello;
  hello.role = self_.role;
  hello.name = self_.name;
  hello.site = self_.site;
  hello.agent = "p2pd/" P2PD_VERSION;
  hello.instance = self_.instance;
  hello.port = port_for(self_.listening, to.local());
  for (std::string& address : told_to(whereabouts(), to.remote()))
    if (hello.addresses.size() < hello.addresses.max)
      hello.addresses.emplace_back(std::move(address));
  return hello;
}

proto::PeerInfo SessionSet::own_info() const {
  proto::PeerInfo own{id(), self_.name, self_.site, {}};
  for (const io::Endpoint& address : self_.listening) own.addresses.emplace_back(address.text());
  own.addresses.insert(own.addresses.end(), self_.advertise.begin(), self_.advertise.end());
  return own;
}

void SessionSet::accept(std::unique_ptr<io::Stream> stream) {
  if (closing_ || !member()) return; // dropping it closes it
  const io::Endpoint from = stream->remote();
  if (const auto surplus = pending_.surplus(from)) send_away(*surplus->session, surplus->cause);
  if (!may_dial(Purpose::peer)) {
    if (Session* const weakest = pending_.weakest())
      send_away(*weakest, Refusal::connections);
    else if (!make_room(Purpose::peer, from))
      return refusals_.count(Refusal::connections);
  }
  auto session = std::make_unique<Session>(*this, loop_, std::move(stream), *incoming_);
  pending_.enter(*session, from);
  sessions_.emplace(session.get(), std::move(session));
}

void SessionSet::send_away(Session& session, Refusal cause) {
  refusals_.count(cause);
  session.close(proto::Reason::busy, "it made way for others before its handshake was done");
}

// A tracker takes the place of a link that is in use only where peers have more than is theirs.
bool SessionSet::make_room(Purpose purpose, const io::Endpoint& newcomer) {
  if (closing_) return false;
  if (may_dial(purpose)) return true;
  const bool must = purpose == Purpose::tracker;
  if (must && to_trackers_.size() >= places().kept()) return false;
  make_way(newcomer, must);
  return may_dial(purpose);
}

// One that is of no use, or of the least where it must, or of those whose network has more.
void SessionSet::make_way(const io::Endpoint& newcomer, bool must) {
  std::vector<Session*> links;
  std::vector<Usefulness> uses;
  each_ready([&](Session& session) {
    if (to_trackers_.contains(&session)) return;
    links.push_back(&session);
    uses.push_back(session.usefulness());
  });
  if (const auto least = least_useful(uses, Whence(newcomer), io::Clock::now(), must))
    links[*least]->close(proto::Reason::busy, "it made way for another link");
}

void SessionSet::relieve() {
  while (unfinished_ > Unfinished::most) {
    std::vector<Session*> links;
    std::vector<Unfinished> all;
    for (const auto& [session, owned] : sessions_) {
      if (session->unfinished() == 0) continue;
      links.push_back(session);
      all.push_back({session->remote().network(), session->unfinished()});
    }
    const auto most = largest(all);
    if (!most) return;
    refusals_.count(Refusal::unfinished);
    links[*most]->close(proto::Reason::busy, "what it has begun to send takes too much room");
  }
}

void SessionSet::settled(Session& session) {
  dialling_.erase(&session);
  if (session.initiator()) return;
  Session* const older = std::exchange(entering_[session.id()], &session);
  if (older != nullptr) older->close(proto::Reason::duplicate, "another link to this node came");
}

std::string SessionSet::full() const {
  if (closing_) return "this node is stopping";
  return fmt::format("all {} connections that [limits] connections allows are in use", limit_);
}

Session& SessionSet::dial(const io::Endpoint& to, std::optional<PeerId> expected,
                          SessionListener& listener, std::size_t secret, Purpose purpose) {
  assert(member() && !closing_);
  auto session = std::make_unique<Session>(*this, loop_, to, expected, listener, secret);
  Session& dialled = *session;
  sessions_.emplace(&dialled, std::move(session));
  dialling_.insert(&dialled);
  if (purpose == Purpose::tracker) to_trackers_.insert(&dialled);
  return dialled;
}

Session* SessionSet::find(const PeerId& id) const {
  const auto found = ready_.find(id);
  return found == ready_.end() ? nullptr : found->second;
}

std::optional<std::string> SessionSet::refusal(const Session& session, const PeerId& id) const {
  if (id == keys_.identity.public_key) return "it is this node itself";
  if (banned(id)) return "it is banned";
  if (session.initiator() && find(id) != nullptr) return "already connected to it";
  return std::nullopt;
}

void SessionSet::enter(Session& session) {
  pending_.leave(session);
  Session* const older = find(session.id());
  if (older == nullptr) return admit(session);
  const Rival was{older->hello().instance, older->initiator()};
  const Rival is{session.hello().instance, session.initiator()};
  const auto age = io::Clock::now() - older->since();
  if (judge(was, is, age, id() < session.id()) == Verdict::newer) return admit(session);
  contest(session, *older);
}

void SessionSet::contest(Session& session, Session& older) {
  contests_[&session] = probes_.ask(older, [this, &session, &older, id = session.id()](bool alive) {
    contests_.erase(&session);
    Session* const there = find(id);
    if (alive) return turn_away(session, older);
    if (there == nullptr || there == &older) return admit(session);
    enter(session); // a third one was quicker
  });
}

void SessionSet::admit(Session& session) {
  Session* const older = find(session.id());
  ready_[session.id()] = &session;
  if (!session.initiator()) entering_.erase(session.id());
  if (older != nullptr) session.succeed(*older);
  session.begin();
}

void SessionSet::turn_away(Session& session, const Session& older) {
  if (older.hello().instance == session.hello().instance)
    return session.close(proto::Reason::duplicate, "another link to this node stays");
  const std::string stays = older.remote().in_zone(0).host();
  const std::string other = session.remote().in_zone(0).host();
  refusals_.count(Refusal::identity);
  if (clones_.size() < most_clones || clones_.contains(session.id())) {
    const auto [at, is_new] = clones_.try_emplace(session.id());
    at->second = {older.hello().name, stays, other, io::Clock::now()};
    if (is_new)
      base::log::warn("net",
                      "another machine, at {}, uses the identity of {}, at {}; on one of the two "
                      "stop p2pd, remove identity.key and start it again",
                      other, older.hello().name, stays);
  }
  session.close(proto::Reason::cloned, stays);
}

void SessionSet::retire(Session& session) {
  pending_.leave(session);
  dialling_.erase(&session);
  unfinished_ -= session.unfinished();
  if (const auto found = entering_.find(session.id());
      found != entering_.end() && found->second == &session)
    entering_.erase(found);
  if (const auto contest = contests_.extract(&session)) probes_.drop(contest.mapped());
  if (const auto found = ready_.find(session.id());
      found != ready_.end() && found->second == &session)
    ready_.erase(found);
  payload_sent_ += session.payload_sent();
  payload_received_ += session.payload_received();
  const auto found = sessions_.find(&session);
  assert(found != sessions_.end());
  graveyard_.add(std::move(found->second));
  sessions_.erase(found);
  to_trackers_.erase(&session);
}

bool SessionSet::shrink_segments(const Session& session) {
  const io::Time now = io::Clock::now();
  bool shrunk = segment_sizes_.shrink(session.remote().host(), now);
  for (const auto& address : session.info().addresses)
    if (const auto other = io::Endpoint::parse(address);
        other && other->host() != session.remote().host())
      shrunk = segment_sizes_.shrink(other->host(), now) || shrunk;
  if (shrunk)
    base::log::warn(
        "net",
        "nothing passes to or from {} at {}, though its host answers: large packets are lost on "
        "the way, or it hangs; it is dialled with small ones from now on",
        session.hello().name, session.remote().text());
  return shrunk;
}

std::size_t SessionSet::links_a_tick() const {
  return sessions_.size() / most_ticks_a_round + 1;
}

// A node with one link wakes once a round for it.
void SessionSet::await_tick() {
  const io::milliseconds time =
      round_ * links_a_tick() / std::max<std::size_t>(sessions_.size(), 1);
  tick_.once(std::max(time, io::milliseconds(1)));
}

void SessionSet::on_tick() {
  std::vector<Session*> silent;
  std::vector<Session*> holes;
  auto at = sessions_.upper_bound(pinged_);
  for (std::size_t part = links_a_tick(); at != sessions_.end() && part > 0; ++at, --part) {
    Session* const session = pinged_ = at->first;
    if (io::Clock::now() - session->last_heard() > silence_limit_)
      silent.push_back(session);
    else if (session->sends_into_hole() && session->note_hole() && session->initiator())
      holes.push_back(session); // who has dialled it dials it anew
    else if (session->ready())
      session->ping();
  }
  if (at == sessions_.end()) pinged_ = nullptr;
  await_tick();
  for (Session* const session : silent) {
    if (session->in_hole()) session->note_hole();
    session->close(proto::Reason::refused, "silent for too long");
  }
  for (Session* const session : holes)
    session->close(proto::Reason::refused, "large packets are lost on the way");
}

void SessionSet::close_all(const std::string& why) {
  closing_ = true;
  tick_.stop();
  probes_.stop();
  contests_.clear();
  while (!sessions_.empty()) sessions_.begin()->first->close(proto::Reason::leaving, why);
}

std::uint64_t SessionSet::payload_sent() const {
  std::uint64_t sum = payload_sent_;
  for (const auto& [session, owned] : sessions_) sum += session->payload_sent();
  return sum;
}

std::uint64_t SessionSet::payload_received() const {
  std::uint64_t sum = payload_received_;
  for (const auto& [session, owned] : sessions_) sum += session->payload_received();
  return sum;
}

} // namespace p2pd::net
