#include "daemon/net/probes.hpp"

#include "daemon/net/session.hpp"

namespace p2pd::net {

Probes::Number Probes::ask(Session& session, Done done) {
  const Number number = ++last_;
  waiting_.emplace(number, Probe{io::Clock::now() + deadline, std::move(done)});
  if (!expire_.active()) expire_.once(deadline);
  asking_ = number;
  session.ping([this, number](Session::Rtt rtt) {
    if (asking_ != number) answer(number, rtt.has_value()); // else it did not set out
  });
  asking_ = 0;
  return number;
}

void Probes::stop() {
  waiting_.clear();
  expire_.stop();
}

void Probes::answer(Number number, bool alive) {
  const auto probe = waiting_.extract(number);
  if (!probe.empty()) probe.mapped().done(alive);
}

void Probes::on_deadline() {
  while (!waiting_.empty() && waiting_.begin()->second.until <= io::Clock::now())
    answer(waiting_.begin()->first, false);
  if (waiting_.empty()) return;
  const auto left = waiting_.begin()->second.until - io::Clock::now();
  expire_.once(io::ceil_milliseconds(std::max(left, io::Clock::duration::zero())));
}

} // namespace p2pd::net
