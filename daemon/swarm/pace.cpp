#include "daemon/swarm/pace.hpp"

namespace p2pd::swarm {

namespace {

// What a slow link takes by bursts, as the kernel's buffer drains, evens out in a whole span. Who
// takes little from the first is told sooner: many of them in a row would take long otherwise.
constexpr Duration whole_span = std::chrono::seconds(2);
constexpr Duration first_span = std::chrono::milliseconds(500);
constexpr double slow_below = 256 * 1024; // bytes per second
constexpr double stuck_below = 8 * 1024;
constexpr std::uint64_t proof = 64 * 1024; // bytes, of which nothing is left
constexpr Duration forgotten_after = std::chrono::seconds(30);

} // namespace

void PaceMeter::look(Time now, std::uint64_t taken, bool busy) {
  if (busy) return judge(now, taken);
  span_.reset();
  if (now - last_.begun > forgotten_after) pace_ = Pace::usual;
  if (taken != last_.taken) last_ = {now, taken};
  proven_ = proven_ || (pace_ == Pace::usual && taken >= proof);
}

void PaceMeter::judge(Time now, std::uint64_t taken) {
  if (taken != last_.taken || !span_) last_ = {now, taken};
  if (!span_) span_ = {now, taken};
  const Duration length = now - span_->begun;
  if (length < first_span) return;
  const double rate = static_cast<double>(taken - span_->taken) / seconds(length);
  if (length < whole_span) {
    if (pace_ == Pace::usual && rate < slow_below) pace_ = Pace::slow;
    return;
  }
  pace_ = rate < stuck_below ? Pace::stuck : rate < slow_below ? Pace::slow : Pace::usual;
  proven_ = proven_ || pace_ == Pace::usual;
  span_ = {now, taken};
}

Duration PaceMeter::idle(Time now) const {
  return span_ ? now - last_.begun : Duration::zero();
}

} // namespace p2pd::swarm
