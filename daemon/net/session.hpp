// A live link to another node: translates between frames and messages. It sends hello, answers
// pings, combines small messages into one record, and passes bulk bytes separately.
//
// The work that a member can cause is limited. If it requests too much, or does not read its
// answers, reading from its link is paused, which affects no other link; it is closed if it does
// not stop, or if still more unsent data piles up.
//
// Loop thread only. Owned by its SessionSet, which frees it some time after on_closed, never during
// one of its callbacks. A protocol violation by the remote closes the session.
#pragma once

#include "daemon/net/allowance.hpp"
#include "daemon/net/secure_channel.hpp"
#include "daemon/net/usefulness.hpp"
#include "proto/message.hpp"

#include <functional>
#include <map>

namespace p2pd::net {

class Session;
class SessionSet;

// Receives a session's events. on_closed is the last call.
class SessionListener {
 public:
  // Both sides are authenticated; its hello is still to come.
  virtual void on_established(Session&) {}
  virtual void
  on_ready(Session& session) = 0; // hello has come; now set the listener for what follows
  virtual void on_message(Session& session, const proto::Message& message) = 0;
  // A segment begins: where to put its bytes. Empty: they are no longer wanted, skip them.
  virtual MutableView segment_space(Session&, const proto::Segment&) { return {}; }
  virtual void on_segment(Session&, const proto::Segment&) {} // it is complete
  virtual void on_sent(Session&) {}                           // look at queued()
  // It has sent hello again, with another name or other addresses.
  virtual void on_renewed(Session&, const proto::PeerInfo& /*before*/) {}
  virtual void on_closed(Session& session, const std::string& cause) = 0;
  // How useful the link is, to decide which to close if there are too many; the caller fills in
  // where it came from.
  virtual Usefulness usefulness(const Session&) const { return {.busy = true, .wanted = true}; }

 protected:
  ~SessionListener() = default;
};

class Session final : private ChannelOwner {
 public:
  Session(SessionSet& set, io::Loop& loop, std::unique_ptr<io::Stream> accepted,
          SessionListener& listener);
  Session(SessionSet& set, io::Loop& loop, const io::Endpoint& to, std::optional<PeerId> expected,
          SessionListener& listener, std::size_t secret);

  const PeerId& id() const { return channel_.remote_id(); }
  bool ready() const { return ready_; }
  bool connected() const { return channel_.connected(); } // TCP is connected
  // It was dialled and closed the connection after message 1, as a node with another secret does.
  bool unanswered() const { return channel_.hung_up() && id() == PeerId(); }
  // The reason of its goodbye.
  const std::optional<proto::Goodbye>& farewell() const { return farewell_; }
  // The link to the same process that has replaced this one, which is closing; null: none.
  Session* successor() const { return successor_; }
  bool stranded() const { return stranded_; } // it was closed because this machine lost its address
  bool initiator() const { return channel_.initiator(); }
  const proto::Hello& hello() const { return hello_; }
  // The remote with its announced addresses and the one it is seen at. Nothing before it is ready.
  const proto::PeerInfo& info() const { return info_; }
  proto::PeerInfo info_for(const Session& asker) const; // what may be passed on to the asker
  io::Endpoint remote() const { return remote_ ? *remote_ : channel_.remote(); }
  io::Endpoint local() const { return channel_.local(); }
  Usefulness usefulness() const;
  std::size_t unfinished() const {
    return unfinished_;
  } // bytes of incomplete messages that it holds
  // Whether its path loses large packets: those that this node sends; or in either direction, where
  // a hung remote looks the same.
  bool sends_into_hole() const;
  bool in_hole() const;
  // It does: uses smaller segments for the next connections to its addresses. False if that makes
  // no difference, or was noted before.
  bool note_hole();
  void use_default_control() { channel_.use_default_control(); } // congestion control (socket.hpp)
  void bound_unsent(std::uint32_t bytes) { channel_.bound_unsent(bytes); } // by the kernel
  void listen_to(SessionListener& listener) { listener_ = &listener; }

  void send(const proto::Message& message); // sent at the end of this loop iteration
  // The bytes in `image` (bulk_image.hpp) follow; they are sealed in place.
  void send_segment(const proto::Segment& segment, MutableView image,
                    std::shared_ptr<const void> owner);
  // The memory for this request's segment is gone: skip the rest of its bytes.
  void skip(proto::RequestId request);
  // Bytes received of the current segment, if it is this request's.
  std::uint32_t arrived(proto::RequestId request) const {
    return segment_.request == request ? segment_done_ : 0;
  }
  std::size_t queued() const { return channel_.queued() + outbox_.size(); }
  void refused(Refusal why); // counts it

  void ping();
  // Reports the round-trip time of this ping; nothing if the link is lost first, or if too many
  // pings are in flight and it was not sent.
  using Rtt = std::optional<io::Clock::duration>;
  void ping(std::function<void(Rtt)> done);
  Rtt rtt() const { return rtt_; } // of the last ping
  io::Time last_heard() const { return last_heard_; }
  io::Time since() const { return since_; }
  std::uint64_t payload_received() const { return payload_received_; }
  std::uint64_t payload_sent() const { return payload_sent_; }

  // Sends goodbye and closes. The listener's on_closed is called.
  void close(proto::Reason reason, const std::string& why);

  // For its SessionSet.
  void begin(); // it becomes the link to its node, and the listener is called
  void succeed(Session& older);
  void strand(); // this machine's address is gone, so nothing can be sent
  // To a peer that knows `before`: sends what has changed.
  void renew(const proto::Hello& before);

 private:
  bool admit(const PeerId& id) override;
  void on_established() override;
  MutableView bulk_space(std::size_t size) override;
  void on_bulk(std::size_t size) override;
  void on_plaintext(View bytes) override;
  void on_kept(std::size_t bytes) override;
  void on_sent() override;
  void on_closed(const std::string& cause) override;

  void take_frames(View bytes);
  // Charges the time that received messages took, and the bytes of their answers.
  void account(Allowance::Duration took, std::size_t answered, io::Time now);
  bool leaves_unread() const;
  void go_on();
  void misbehaved(const std::string& how); // counts it and closes
  void take(const proto::Message& message);
  void encode(const proto::Message& message);
  proto::PeerInfo info_of_hello() const;
  void begin_segment(const proto::Segment& segment);
  void advance_segment(std::size_t bytes);
  void flush();

  SessionSet& set_;
  SessionListener* listener_;
  const std::optional<PeerId> expected_;
  io::Deferred flush_;
  Bytes outbox_; // plaintext frames of this loop iteration
  Bytes inbox_;  // an incomplete frame, or data that waits while the link is paused
  std::size_t unfinished_ = 0;
  std::optional<io::Endpoint>
      remote_; // cached once established, since some messages need it of every link
  proto::Hello hello_;
  proto::PeerInfo info_; // cached, since trackers send it often
  bool ready_ = false;
  bool closed_ = false;
  bool hole_noted_ = false;
  io::Time owed_since_{}; // when the first unanswered ping was sent; 0: none
  bool held_ = false;     // until it is decided whether this or an older link stays
  bool stranded_ = false;
  std::optional<proto::Goodbye> farewell_;
  Session* successor_ = nullptr;
  proto::Segment segment_;         // the one being received
  MutableView segment_space_;      // where its bytes go, or empty
  std::uint32_t segment_done_ = 0; // bytes received of it
  Rtt rtt_;
  std::map<std::uint64_t, std::function<void(Rtt)>> pings_; // callbacks by nonce
  io::Time since_ = io::Clock::now();
  io::Time last_heard_ = since_;
  std::uint64_t payload_received_ = 0;
  std::uint64_t payload_sent_ = 0;
  bool waiting_ = false; // reading is paused
  Allowance allowance_;
  io::Timer pause_;       // active while it is paused for its requests
  SecureChannel channel_; // last, because it calls the others
};

} // namespace p2pd::net
