// One live link to another node: frames become messages, messages frames. It says hello, answers
// pings, joins small messages into one record, and keeps bulk bytes apart from the rest.
//
// What one member can make this node do is bounded. Where it asks for too much, or does not read
// its answers, its link is read no further until that has passed, so that it is held up and nobody
// else; and it is closed when it does not stop, or still more piles up for it.
//
// Loop thread only. Owned by its SessionSet, which frees it some time after on_closed, never while
// one of its callbacks runs. What a remote sends that is not allowed closes the session.
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

// What a session tells the one who works with it. on_closed is the last call.
class SessionListener {
 public:
  // It has proved who it is, and has been told who this node is; its hello is still to come.
  virtual void on_established(Session&) {}
  virtual void on_ready(Session& session) = 0; // hello has come; choose who listens from here on
  virtual void on_message(Session& session, const proto::Message& message) = 0;
  // A segment begins: where do its bytes go? Empty: nobody wants them any more, skip them.
  virtual MutableView segment_space(Session&, const proto::Segment&) { return {}; }
  virtual void on_segment(Session&, const proto::Segment&) {} // it is there
  virtual void on_sent(Session&) {}                           // look at queued()
  // It has said hello again, and is called, or to be dialled, otherwise than before.
  virtual void on_renewed(Session&, const proto::PeerInfo& /*before*/) {}
  virtual void on_closed(Session& session, const std::string& cause) = 0;
  // What the link is good for, where not all can stay; from where it came is filled in.
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
  bool connected() const { return channel_.connected(); } // somebody listens where it was dialled
  // It was dialled and hung up on message 1, as one does who has another secret.
  bool unanswered() const { return channel_.hung_up() && id() == PeerId(); }
  // It said goodbye, and why.
  const std::optional<proto::Goodbye>& farewell() const { return farewell_; }
  // The link to the same process that has taken the place of this one, which closes; null: none.
  Session* successor() const { return successor_; }
  bool stranded() const { return stranded_; } // it closed as this machine lost its address
  bool initiator() const { return channel_.initiator(); }
  const proto::Hello& hello() const { return hello_; }
  // The remote as others may dial it: where it says it listens, and at the address we see. Nothing
  // before it is ready.
  const proto::PeerInfo& info() const { return info_; }
  proto::PeerInfo info_for(const Session& asker) const; // what may be handed on to it
  io::Endpoint remote() const { return remote_ ? *remote_ : channel_.remote(); }
  io::Endpoint local() const { return channel_.local(); }
  Usefulness usefulness() const;
  std::size_t unfinished() const {
    return unfinished_;
  } // bytes that it keeps of what is not all there
  // Whether its path loses large packets: of what this node sends; or in any direction, where the
  // other side may as well hang.
  bool sends_into_hole() const;
  bool in_hole() const;
  // That is so: the next connections to its addresses are made with smaller
  // segments. False where that makes no difference, or was noted already.
  bool note_hole();
  void use_default_control() { channel_.use_default_control(); } // of congestion (socket.hpp)
  void listen_to(SessionListener& listener) { listener_ = &listener; }

  void send(const proto::Message& message); // leaves at the end of this turn of the loop
  // The bytes in `image` (bulk_image.hpp) follow; they are sealed in place.
  void send_segment(const proto::Segment& segment, MutableView image,
                    std::shared_ptr<const void> owner);
  // The space that was given for this request's segment is no longer there: skip what is coming.
  void skip(proto::RequestId request);
  // Bytes that have come of the segment that is being received, where it is this request's.
  std::uint32_t arrived(proto::RequestId request) const {
    return segment_.request == request ? segment_done_ : 0;
  }
  std::size_t queued() const { return channel_.queued() + outbox_.size(); }
  void refused(Refusal why); // counts it

  void ping();
  // Tells how long this very ping took; nothing where the link is lost first, or where so many are
  // on their way that it did not set out.
  using Rtt = std::optional<io::Clock::duration>;
  void ping(std::function<void(Rtt)> done);
  Rtt rtt() const { return rtt_; } // of the last one
  io::Time last_heard() const { return last_heard_; }
  io::Time since() const { return since_; }
  std::uint64_t payload_received() const { return payload_received_; }
  std::uint64_t payload_sent() const { return payload_sent_; }

  // Says why and closes. The listener hears of it as on_closed.
  void close(proto::Reason reason, const std::string& why);

  // For its SessionSet.
  void begin(); // it is the link to this node: the listener hears of it
  void succeed(Session& older);
  void strand(); // this machine's end of it is gone, so nothing can be said any more
  // To a peer that was told `before`: what has changed since.
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
  // What came took so long until now, and drew so many bytes of answers.
  void account(Allowance::Duration took, std::size_t answered, io::Time now);
  bool leaves_unread() const;
  void go_on();
  void misbehaved(const std::string& how); // counts it, and closes
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
  Bytes outbox_; // plaintext frames of this turn
  Bytes inbox_;  // a frame that is cut off by the end of a record, or what waits with the link
  std::size_t unfinished_ = 0;
  std::optional<io::Endpoint> remote_; // once established: some messages ask for that of each link
  proto::Hello hello_;
  proto::PeerInfo info_; // kept, as a tracker tells it often
  bool ready_ = false;
  bool closed_ = false;
  bool hole_noted_ = false;
  io::Time owed_since_{}; // the first ping that is not answered; 0: there is none
  bool held_ = false;     // until it is known whether it or an older link stays
  bool stranded_ = false;
  std::optional<proto::Goodbye> farewell_;
  Session* successor_ = nullptr;
  proto::Segment segment_;         // the one whose bytes are coming
  MutableView segment_space_;      // where they go, or empty
  std::uint32_t segment_done_ = 0; // so many of segment_.length have come
  Rtt rtt_;
  std::map<std::uint64_t, std::function<void(Rtt)>> pings_; // by nonce, whom it is to be told
  io::Time since_ = io::Clock::now();
  io::Time last_heard_ = since_;
  std::uint64_t payload_received_ = 0;
  std::uint64_t payload_sent_ = 0;
  bool waiting_ = false; // nothing is taken from the link
  Allowance allowance_;
  io::Timer pause_;       // runs while it is held up for what it has asked
  SecureChannel channel_; // last: it calls the others
};

} // namespace p2pd::net
