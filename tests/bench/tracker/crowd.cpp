#include "tests/bench/tracker/crowd.hpp"

namespace bench {

namespace {

// Handshakes at once: enough to keep the tracker busy, and fewer than it takes from one address.
constexpr std::size_t most_dialling = 128;
// The tracker listens on all of 127.0.0.0/8. Each of these addresses has all the ports of this
// side.
constexpr std::size_t addresses = 16;
constexpr io::milliseconds tick_period{5};

} // namespace

Crowd::Crowd(io::Loop& loop, CrowdOwner& owner, std::uint16_t port, const proto::noise::Psk& secret)
    : loop_(loop)
    , owner_(owner)
    , port_(port)
    , secret_(secret)
    , dial_soon_(loop, io::bind<&Crowd::dial>(this))
    , tick_(loop, io::bind<&Crowd::dial>(this)) {
  tick_.every(tick_period);
}

void Crowd::make(std::size_t members) {
  const Surroundings around{loop_, buffer_, replays_, refusals_, *this};
  for (std::size_t count = 0; count < members; ++count)
    members_.push_back(std::make_unique<Member>(around, members_.size(), secret_));
}

void Crowd::bring() {
  for (std::size_t number = ready_; number < members_.size(); ++number)
    away_.emplace(io::Clock::now(), members_[number].get());
  dial_soon_.schedule();
}

void Crowd::dial() {
  const io::Time now = io::Clock::now();
  while (dialling_ < most_dialling && !away_.empty() && away_.begin()->first <= now) {
    Member& member = *away_.begin()->second;
    away_.erase(away_.begin());
    ++dialling_;
    const std::string host = "127.0.0." + std::to_string(1 + member.number() % addresses);
    member.dial(*io::Endpoint::parse(host + ':' + std::to_string(port_)));
  }
}

void Crowd::on_ready(Member& member) {
  --dialling_;
  ++ready_;
  dial_soon_.schedule();
  owner_.on_member_ready(member);
  if (ready_ == members_.size()) owner_.on_complete();
}

void Crowd::on_lost(Member& member, bool was_ready) {
  (was_ready ? ready_ : dialling_) -= 1;
  away_.emplace(io::Clock::now() + pause(), &member);
}

} // namespace bench
