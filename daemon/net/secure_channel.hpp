// Bytes of a socket on one side, plaintext on the other: the Noise handshake, then sealed records.
//
//   record:  | length, 2, big-endian | ciphertext | tag, 16 |       handshake messages likewise
//
// All channels of the process read into one buffer (they take turns, there is one thread), and keep
// only the cut-off record at its end: an idle connection costs no buffer. A record is opened in
// place, or straight into where its owner wants the bytes.
//
// Until the handshake is done nothing is read beyond the one message that is due, and 1,026 bytes
// are kept at most: a stranger costs no more.
//
// Loop thread only. The owner outlives the channel and destroys it outside of its callbacks.
// Whatever is wrong with what comes in closes the channel without an answer, and is counted; the
// cause goes to on_closed.
#pragma once

#include "daemon/io/stream.hpp"
#include "daemon/io/timer.hpp"
#include "daemon/net/record_cipher.hpp"
#include "daemon/net/refusals.hpp"
#include "daemon/net/replays.hpp"
#include "proto/noise.hpp"

#include <deque>

namespace p2pd::net {

using proto::Bytes;
using proto::MutableView;
using proto::PeerId;
using proto::View;

struct Keys {
  proto::noise::KeyPair identity;
  std::vector<proto::noise::Psk> secrets; // the one to use, then those still accepted
};

class ReadBuffer {
 public:
  static constexpr std::size_t size = 144 * 1024;
  MutableView bytes() { return {bytes_.get(), size}; }

 private:
  std::unique_ptr<std::uint8_t[]> bytes_ = std::make_unique_for_overwrite<std::uint8_t[]>(size);
};

// What all channels of a node share.
struct ChannelDeps {
  const Keys& keys;
  ReadBuffer& buffer;
  Replays& replays;
  Refusals& refusals;
  bool aes = has_fast_aes(); // AES-256-GCM for the records, where the other side wants it as well
};

class ChannelOwner {
 public:
  // The other side has proved to be `id`. Dialling, this comes before message 3 shows who we are.
  virtual bool admit(const PeerId& id) = 0;
  virtual void on_established() = 0;
  // Where the next `size` bytes of plaintext go; empty: hand them to on_plaintext in place.
  virtual MutableView bulk_space(std::size_t size) = 0;
  virtual void on_bulk(std::size_t size) = 0;
  virtual void on_plaintext(View bytes) = 0;
  // What came was handed on, but for so many bytes of a record that is cut off, or of a pause.
  virtual void on_kept(std::size_t bytes) = 0;
  virtual void on_sent() = 0;
  virtual void on_closed(const std::string& cause) = 0; // once, at most

 protected:
  ~ChannelOwner() = default;
};

class SecureChannel final : private io::StreamListener {
 public:
  // Answers a connection that was accepted.
  SecureChannel(io::Loop& loop, const ChannelDeps& deps, ChannelOwner& owner,
                std::unique_ptr<io::Stream> accepted);
  // Dials, with the secret at this place in the keys, and segments of so many bytes at most; 0 = as
  // the device allows.
  SecureChannel(io::Loop& loop, const ChannelDeps& deps, ChannelOwner& owner,
                const io::Endpoint& to, std::size_t secret = 0, int segment = 0);

  bool established() const { return sealer_ != nullptr; }
  // The owner has heard what it waited for: until then the time of the handshake goes on.
  void welcome() { deadline_.reset(); }
  bool initiator() const { return initiator_; }
  const PeerId& remote_id() const { return remote_id_; }
  bool connected() const { return connected_; } // somebody listens there
  bool hung_up() const { return hung_up_; }     // the other side ended the connection, or it broke
  io::Endpoint remote() const { return stream_->remote(); }
  io::Endpoint local() const { return stream_->local(); }
  io::PathInfo path() const { return stream_->path(); }
  void use_default_control() { stream_->use_default_control(); } // of congestion (socket.hpp)
  void bound_retransmission(io::milliseconds longest) { stream_->bound_retransmission(longest); }

  // Seals `plaintext` into as few records as it takes.
  void send(View plaintext);
  // The same, and then the bulk bytes in `image` (bulk_image.hpp), which are sealed in place.
  void send(View plaintext, MutableView image, std::size_t size, std::shared_ptr<const void> owner);
  std::size_t queued() const { return stream_->queued(); }

  // Hands on nothing of what comes until resume(), which may hand on some before it returns. The
  // other side is held up when the kernel has no room for more.
  void pause();
  void resume();

  // Nothing is read or reported any more; on_closed does not come.
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
  void refuse(Refusal why, const std::string& cause); // counts it, and fails
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
  noise::Suite suite_{};                               // of the records
  std::unique_ptr<RecordCipher> sealer_;               // from then on
  std::unique_ptr<RecordCipher> opener_;               // likewise
  Bytes cut_off_; // the start of a record that is still coming, or what came before a pause
  std::unique_ptr<io::Timer> deadline_; // until welcome()
};

} // namespace p2pd::net
