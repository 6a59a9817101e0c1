#include "daemon/net/dialer.hpp"

#include "daemon/io/interfaces.hpp"

#include <algorithm>

namespace p2pd::net {

namespace {

// So many attempts at once on the whole node leave descriptors for everything else.
constexpr std::size_t most_dialling = 128;
// How many addresses of one name may come before those of the next address in the list.
constexpr std::size_t ranks_a_name = 64;

// As people know it, and behind a name where it led.
std::string text_of(const base::HostPort& address, const io::Endpoint& endpoint) {
  const std::string host = endpoint.host();
  return host == address.host ? to_text(address) : to_text(address) + " (" + host + ')';
}

} // namespace

std::string to_text(const Attempts& attempts, const std::string& cause) {
  if (attempts.empty()) return cause;
  std::string text;
  for (const Attempt& attempt : attempts)
    text += (text.empty() ? "" : ", ") + attempt.address + " (" + attempt.error + ')';
  return text;
}

std::string_view to_text(DialLedger::Answer answer) {
  switch (answer) {
  case DialLedger::Answer::yes:
    return "it may be dialled";
  case DialLedger::Answer::later:
    return "it was not there a moment ago, and is tried again later";
  case DialLedger::Answer::at_one:
    return "who told of it has told of many at this host in vain";
  case DialLedger::Answer::too_many:
    return "who told of it has told of many addresses in vain";
  }
  return "";
}

bool unresolved(const Attempts& attempts) {
  return !attempts.empty() && std::ranges::all_of(attempts, &Attempt::unresolved);
}

struct Dialer::LookUp {
  LookUp(Dialer& dialer, base::HostPort name, std::size_t rank)
      : owner(dialer)
      , address(std::move(name))
      , first_rank(rank)
      , resolver(dialer.loop_, io::bind<&LookUp::on_found>(this)) {
    resolver.look_up(address);
  }
  void on_found(std::vector<io::Endpoint> endpoints, std::error_code failure) {
    owner.found(*this, endpoints, failure);
  }

  Dialer& owner;
  const base::HostPort address;
  const std::size_t first_rank;
  io::Resolver resolver;
};

Dialer::Dialer(io::Loop& loop, SessionSet& sessions, Owner& owner, Purpose purpose)
    : loop_(loop)
    , sessions_(sessions)
    , owner_(owner)
    , purpose_(purpose)
    , timer_(loop, io::bind<&Dialer::advance>(this)) {}

Dialer::~Dialer() {
  give_up();
}

void Dialer::reach(std::vector<base::HostPort> addresses, std::optional<PeerId> expected,
                   Teller told_by) {
  give_up();
  busy_ = true;
  attempts_.clear();
  expected_ = expected;
  told_by_ = told_by;
  impostor_.reset();
  schedule_ = DialSchedule(io::Clock::now());
  std::size_t rank = 0;
  for (const base::HostPort& address : addresses) {
    if (const auto literal = io::Endpoint::from(address))
      for (const io::Endpoint& each : io::in_own_zones(*literal)) add(address, each, rank);
    else
      look_ups_.push_back(std::make_unique<LookUp>(*this, address, rank));
    rank += ranks_a_name;
  }
  advance();
}

void Dialer::give_up() {
  busy_ = false;
  timer_.stop();
  look_ups_.clear();
  for (std::size_t i = 0; i < tries_.size(); ++i) drop(i);
  tries_.clear();
  schedule_ = DialSchedule();
}

void Dialer::found(LookUp& look_up, const std::vector<io::Endpoint>& endpoints,
                   std::error_code failure) {
  std::size_t rank = look_up.first_rank;
  for (const io::Endpoint& endpoint : endpoints) add(look_up.address, endpoint, rank++);
  if (endpoints.empty())
    attempts_.push_back({to_text(look_up.address), failure.message(), {}, true});
  std::erase_if(look_ups_, [&](const auto& each) { return each.get() == &look_up; });
  advance();
}

// One that two of the addresses lead to is tried once.
void Dialer::add(const base::HostPort& address, const io::Endpoint& endpoint, std::size_t rank) {
  if (std::ranges::find(tries_, endpoint, &Try::endpoint) != tries_.end()) return;
  tries_.push_back({address, endpoint});
  schedule_.add({rank, endpoint.v6(), io::on_own_network(endpoint)});
}

void Dialer::advance() {
  const io::Time now = io::Clock::now();
  while (const auto late = schedule_.expired(now)) {
    drop(*late, tries_[*late].session->connected() ? DialLedger::Outcome::stranger
                                                   : DialLedger::Outcome::silent);
    note(text_of(tries_[*late].address, tries_[*late].endpoint), "no answer in time");
  }
  while (const auto next = schedule_.due(now, is_crowded())) {
    if (!admits(*next, now)) continue;
    if (!sessions_.make_room(purpose_, tries_[*next].endpoint)) {
      give_up();
      return owner_.on_unreachable(sessions_.full());
    }
    start(*next, 0);
  }
  if (look_ups_.empty() && schedule_.exhausted()) {
    timer_.stop();
    busy_ = false;
    return owner_.on_unreachable(attempts_.empty() ? "it has no address" : attempts_.back().error);
  }
  if (schedule_.falls_behind(now)) owner_.on_delayed();
  if (const auto wake = schedule_.wake())
    timer_.once(io::ceil_milliseconds(*wake - now));
  else
    timer_.stop();
}

// One attempt is worth the place of a link that nobody uses, those beside it are not.
bool Dialer::is_crowded() const {
  return sessions_.dialling() >= most_dialling || !sessions_.may_dial(purpose_);
}

bool Dialer::admits(std::size_t which, io::Time now) {
  const Try& attempt = tries_[which];
  if (!told_by_) return true;
  const auto answer = sessions_.dial_ledger().may_dial(attempt.endpoint, *told_by_, now);
  if (answer == DialLedger::Answer::yes) return true;
  note(text_of(attempt.address, attempt.endpoint), std::string(to_text(answer)));
  schedule_.failed(which, now);
  return false;
}

void Dialer::settle(const Try& attempt, DialLedger::Outcome outcome) {
  if (told_by_)
    sessions_.dial_ledger().ended(attempt.endpoint, *told_by_, outcome, io::Clock::now());
}

void Dialer::start(std::size_t which, std::size_t secret) {
  Try& attempt = tries_[which];
  if (told_by_ && secret == 0)
    sessions_.dial_ledger().began(attempt.endpoint, *told_by_, io::Clock::now());
  attempt.secret = secret;
  attempt.session = &sessions_.dial(attempt.endpoint, expected_, *this, secret, purpose_);
}

void Dialer::drop(std::size_t which, DialLedger::Outcome outcome) {
  Session* const session = std::exchange(tries_[which].session, nullptr);
  if (session == nullptr) return;
  settle(tries_[which], outcome);
  session->close(proto::Reason::leaving, "given up");
}

void Dialer::note(std::string address, const std::string& error, std::optional<PeerId> who) {
  attempts_.push_back({std::move(address), error, who, false});
}

std::optional<std::size_t> Dialer::try_of(const Session& session) const {
  const auto found = std::ranges::find(tries_, &session, &Try::session);
  if (found == tries_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - tries_.begin());
}

void Dialer::on_established(Session& session) {
  const auto which = try_of(session);
  if (!which) return;
  for (const std::size_t other : schedule_.proved(*which, io::Clock::now())) drop(other);
  advance();
}

void Dialer::on_ready(Session& session) {
  const auto which = try_of(session);
  address_ = tries_[*which].address;
  settle(tries_[*which], DialLedger::Outcome::reached);
  tries_[*which].session = nullptr;
  give_up();
  owner_.on_reached(session);
}

void Dialer::on_closed(Session& session, const std::string& cause) {
  const auto which = try_of(session);
  if (!which) return;
  Try& attempt = tries_[*which];
  attempt.session = nullptr;
  const io::Time now = io::Clock::now();
  // While the network changes its secret, some know the previous one alone.
  const bool has_another = attempt.secret + 1 < sessions_.keys().secrets.size();
  if (session.unanswered() && has_another && !sessions_.closing()) {
    schedule_.restarted(*which, now);
    return start(*which, attempt.secret + 1);
  }
  const bool answered = session.id() != PeerId();
  settle(attempt, answered              ? DialLedger::Outcome::other
                  : session.connected() ? DialLedger::Outcome::stranger
                                        : DialLedger::Outcome::silent);
  if (expected_ && answered && session.id() != *expected_)
    impostor_ = {attempt.endpoint, session.id()};
  note(text_of(attempt.address, attempt.endpoint), cause,
       answered ? std::optional(session.id()) : std::nullopt);
  schedule_.failed(*which, now);
  advance();
}

} // namespace p2pd::net
