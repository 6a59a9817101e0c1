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
  if (!endpoints_.empty()) return try_endpoint();
  if (!addresses_.empty()) {
    const base::HostPort address = addresses_.front();
    addresses_.pop_front();
    return resolver_.look_up(address);
  }
  busy_ = false;
  owner_.on_unreachable(cause_);
}

void Dialer::on_found(std::vector<io::Endpoint> endpoints, std::error_code failure) {
  if (endpoints.empty()) cause_ = failure.message();
  endpoints_.assign(endpoints.begin(), endpoints.end());
  next();
}

void Dialer::try_endpoint() {
  const io::Endpoint endpoint = endpoints_.front();
  endpoints_.pop_front();
  deadline_.once(connect_time);
  trying_ = &sessions_.dial(endpoint, expected_, *this);
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
  cause_ = cause;
  next();
}

} // namespace p2pd::net
