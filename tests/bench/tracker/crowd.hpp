// All simulated peers of the process: brings them to the tracker, a bounded number at a time, and
// back to it when it was away, each at a random moment, as p2pd does. Loop thread only.
#pragma once

#include "tests/bench/tracker/member.hpp"

#include <map>
#include <random>

namespace bench {

class CrowdOwner {
 public:
  virtual void on_complete() = 0; // the last one that was away has registered
  virtual void on_member_ready(Member& member) = 0;
  virtual void on_member_answered(Member& member) = 0;

 protected:
  ~CrowdOwner() = default;
};

class Crowd final : private MemberOwner {
 public:
  Crowd(io::Loop& loop, CrowdOwner& owner, std::uint16_t port, const proto::noise::Psk& secret);

  void make(std::size_t members); // so many more
  void bring();                   // those who are made and have not been there
  std::size_t size() const { return members_.size(); }
  Member& member(std::size_t number) { return *members_.at(number); }
  std::size_t ready() const { return ready_; }

 private:
  void on_ready(Member& member) override;
  void on_answered(Member& member) override { owner_.on_member_answered(member); }
  void on_lost(Member& member, bool was_ready) override;
  void dial();
  io::milliseconds pause() { return io::milliseconds(chance_() % 1000); }

  io::Loop& loop_;
  CrowdOwner& owner_;
  const std::uint16_t port_;
  const proto::noise::Psk secret_;
  net::ReadBuffer buffer_;
  net::Replays replays_;
  net::Refusals refusals_;
  std::minstd_rand chance_;
  std::vector<std::unique_ptr<Member>> members_;
  std::multimap<io::Time, Member*> away_; // and when each is to dial
  std::size_t dialling_ = 0;
  std::size_t ready_ = 0;
  io::Deferred dial_soon_;
  io::Timer tick_;
};

} // namespace bench
