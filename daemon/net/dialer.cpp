#include "daemon/net/dialer.hpp"

namespace p2pd::net {

namespace {

// A host that drops packets must not hold up the addresses behind it.
constexpr io::milliseconds connect_time{3000};

} // namespace

Dialer::Dialer(io::Loop& loop, SessionSet& sessions, Owner& owner)
    : sessions_(sessions)
    , owner_(owner)
    , resolver_(loop, io::bind<&Dialer::on_found>(this))
    , deadline_(loop, io::bind<&Dialer::on_deadline>(this)) {}

void Dialer::reach(std::vector<base::HostPort> addresses, std::optional<PeerId> expected) {
  give_up();
  busy_ = true;
  cause_ = "it has no address";
  expected_ = expected;
  impostor_.reset();
  addresses_.assign(addresses.begin(), addresses.end());
  next();
}

void Dialer::give_up() {
  busy_ = false;
  resolver_.cancel();
  deadline_.stop();
  addresses_.clear();
  endpoints_.clear();
  if (Session* const session = std::exchange(trying_, nullptr))
    session->close(proto::Reason::leaving, "given up");
}

void Dialer::next() {
  if (!endpoints_.empty()) return try_endpoint(0);
  if (!addresses_.empty()) {
    address_ = addresses_.front();
    addresses_.pop_front();
    return resolver_.look_up(address_);
  }
  busy_ = false;
  owner_.on_unreachable(cause_);
}

void Dialer::on_found(std::vector<io::Endpoint> endpoints, std::error_code failure) {
  if (endpoints.empty()) cause_ = failure.message();
  endpoints_.assign(endpoints.begin(), endpoints.end());
  next();
}

void Dialer::try_endpoint(std::size_t secret) {
  secret_ = secret;
  deadline_.once(connect_time);
  trying_ = &sessions_.dial(endpoints_.front(), expected_, *this, secret);
}

void Dialer::on_deadline() {
  if (trying_ != nullptr) trying_->close(proto::Reason::leaving, "no answer in time");
}

void Dialer::on_ready(Session& session) {
  trying_ = nullptr;
  give_up();
  owner_.on_reached(session);
}

void Dialer::on_closed(Session& session, const std::string& cause) {
  if (trying_ != &session) return;
  trying_ = nullptr;
  deadline_.stop();
  // While the network changes its secret, some know the previous one alone.
  if (session.unanswered() && secret_ + 1 < sessions_.keys().secrets.size())
    return try_endpoint(secret_ + 1);
  if (expected_ && session.id() != PeerId() && session.id() != *expected_)
    impostor_ = {endpoints_.front(), session.id()};
  cause_ = cause;
  endpoints_.pop_front();
  next();
}

} // namespace p2pd::net
