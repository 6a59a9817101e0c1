// Encrypts and decrypts a connection: the Noise handshake, then sealed records.
//
//   record:  | length, 2, big-endian | ciphertext | tag, 16 |       handshake messages likewise
//
// All channels read into one shared buffer, since there is only one thread, and keep only the
// incomplete record at its end: an idle connection needs no buffer. A record is decrypted in place,
// or directly into the owner's memory.
//
// During the handshake nothing is read beyond the next message, and at most 1,026 bytes are kept,
// so strangers cost no more.
//
// Loop thread only. The owner outlives the channel and destroys it outside of its callbacks. Any
// error in received data closes the channel without an answer and is counted; the cause is passed
// to on_closed.
#pragma once

#include "daemon/cipher/record_cipher.hpp"
#include "daemon/io/stream.hpp"
#include "daemon/io/timer.hpp"
#include "daemon/net/refusals.hpp"
#include "daemon/net/replays.hpp"
#include "proto/noise.hpp"

#include <deque>

namespace p2pd::net {

namespace noise = proto::noise;
using proto::Bytes;
using proto::MutableView;
using proto::PeerId;
using proto::View;

struct Keys {
  proto::noise::KeyPair identity;
  std::vector<proto::noise::Psk> secrets; // the current one, then those still accepted
};

class ReadBuffer {
 public:
  static constexpr std::size_t size = 144 * 1024;
  MutableView bytes() { return {bytes_.get(), size}; }

 private:
  std::unique_ptr<std::uint8_t[]> bytes_ = std::make_unique_for_overwrite<std::uint8_t[]>(size);
};

// Shared by all channels of a node.
struct ChannelDeps {
  const Keys& keys;
  ReadBuffer& buffer;
  Replays& replays;
  Refusals& refusals;
  bool aes = cipher::has_fast_aes(); // use AES-256-GCM for records if the other side offers it, too
};

class ChannelOwner {
 public:
  // The other side is authenticated as `id`. For the initiator this comes before message 3, which
  // reveals its own id.
  virtual bool admit(const PeerId& id) = 0;
  virtual void on_established() = 0;
  // Where to put the next `size` bytes of plaintext; empty: pass them to on_plaintext in place.
  virtual MutableView bulk_space(std::size_t size) = 0;
  virtual void on_bulk(std::size_t size) = 0;
  virtual void on_plaintext(View bytes) = 0;
  // Received data has been passed on, except for this many bytes of an incomplete record or a
  // pause.
  virtual void on_kept(std::size_t bytes) = 0;
  virtual void on_sent() = 0;
  virtual void on_closed(const std::string& cause) = 0; // once, at most

 protected:
  ~ChannelOwner() = default;
};

class SecureChannel final : private io::StreamListener {
 public:
  // The responder, for an accepted connection.
  SecureChannel(io::Loop& loop, const ChannelDeps& deps, ChannelOwner& owner,
                std::unique_ptr<io::Stream> accepted);
  // The initiator, with the secret of this index, and this maximum segment size; 0 = the device's.
  SecureChannel(io::Loop& loop, const ChannelDeps& deps, ChannelOwner& owner,
                const io::Endpoint& to, std::size_t secret = 0, int segment = 0);

  bool established() const { return sealer_ != nullptr; }
  // The owner has received hello; the handshake's time limit runs until then.
  void welcome() { deadline_.reset(); }
  bool initiator() const { return initiator_; }
  const PeerId& remote_id() const { return remote_id_; }
  bool connected() const { return connected_; } // TCP is connected
  bool hung_up() const { return hung_up_; }     // the other side closed the connection, or it broke
  io::Endpoint remote() const { return stream_->remote(); }
  io::Endpoint local() const { return stream_->local(); }
  io::PathInfo path() const { return stream_->path(); }
  void use_default_control() { stream_->use_default_control(); } // congestion control (socket.hpp)
  void bound_unsent(std::uint32_t bytes) { stream_->bound_unsent(bytes); }
  void bound_retransmission(io::milliseconds longest) { stream_->bound_retransmission(longest); }

  // Seals `plaintext` into as few records as possible.
  void send(View plaintext);
  // The same, and then the bulk bytes in `image` (bulk_image.hpp), which are sealed in place.
  void send(View plaintext, MutableView image, std::size_t size, std::shared_ptr<const void> owner);
  std::size_t queued() const { return stream_->queued(); }

  // Passes on nothing until resume(), which may pass on data before it returns. When the kernel's
  // buffer is full, TCP flow control stops the other side.
  void pause();
  void resume();

  // Stops reading and reporting; on_closed is not called.
  void close();

 private:
  void on_connected(std::error_code) override;
  std::span<std::uint8_t> read_buffer() override;
  void on_read(std::size_t bytes) override;
  void on_end(std::error_code) override;
  void on_written() override;

  void take(MutableView input);
  bool on_record(MutableView record);
  bool on_handshake(View message);
  std::optional<std::size_t> begin_answer(View message, MutableView payload);
  bool write_handshake(View payload);
  void establish();
  void seal_records(View plaintext, Bytes& out);
  void on_deadline();
  void refuse(Refusal why, const std::string& cause); // counts it and fails
  void fail(const std::string& cause);

  const ChannelDeps deps_;
  ChannelOwner& owner_;
  const bool initiator_;
  bool paused_ = false;
  bool closed_ = false;
  bool hung_up_ = false;
  bool connected_ = false;
  PeerId remote_id_;
  std::unique_ptr<io::Stream> stream_;
  std::unique_ptr<proto::noise::Handshake> handshake_; // until it is done
  noise::Suite suite_{};                               // for records
  std::unique_ptr<cipher::RecordCipher> sealer_;       // after it
  std::unique_ptr<cipher::RecordCipher> opener_;       // likewise
  Bytes cut_off_;                       // an incomplete record, or data received before a pause
  std::unique_ptr<io::Timer> deadline_; // until welcome()
};

} // namespace p2pd::net
