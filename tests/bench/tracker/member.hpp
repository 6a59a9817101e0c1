// One simulated peer: a link to the tracker with a key and a handshake of its own, over the
// channel of daemon/net. It answers pings, and counts the answers to what it says instead of
// reading them, so that one thread is enough for thousands of them.
//
// Loop thread only. Its owner outlives it, and dials it outside of its own callbacks.
#pragma once

#include "daemon/net/secure_channel.hpp"
#include "proto/message.hpp"

namespace bench {

namespace io = p2pd::io;
namespace net = p2pd::net;
namespace proto = p2pd::proto;

class Member;

class MemberOwner {
 public:
  virtual void on_ready(Member& member) = 0;                // it has registered
  virtual void on_answered(Member& member) = 0;             // all of what it said last
  virtual void on_lost(Member& member, bool was_ready) = 0; // its link, or the attempt to have one

 protected:
  ~MemberOwner() = default;
};

// What all members of one process share.
struct Surroundings {
  io::Loop& loop;
  net::ReadBuffer& buffer;
  net::Replays& replays;
  net::Refusals& refusals;
  MemberOwner& owner;
};

class Member final : private net::ChannelOwner {
 public:
  Member(const Surroundings& around, std::size_t number, const proto::noise::Psk& secret);
  Member(const Member&) = delete;
  Member& operator=(const Member&) = delete;

  std::size_t number() const { return number_; }
  bool ready() const { return ready_; }
  void dial(const io::Endpoint& tracker);
  // Frames that draw so many answers, and none is due for earlier ones.
  void say(proto::View frames, std::size_t answers);

 private:
  bool admit(const proto::PeerId&) override { return true; }
  void on_established() override;
  proto::MutableView bulk_space(std::size_t) override { return {}; }
  void on_bulk(std::size_t) override {}
  void on_plaintext(proto::View bytes) override;
  void on_kept(std::size_t) override {}
  void on_sent() override {}
  void on_closed(const std::string& cause) override;

  void on_frame(proto::View payload);
  void on_answer();

  const Surroundings around_;
  const std::size_t number_;
  net::Keys keys_;
  proto::Bytes inbox_; // a frame that is cut off by the end of a record
  std::size_t due_ = 0;
  bool ready_ = false;
  std::unique_ptr<net::SecureChannel> channel_;
};

} // namespace bench
