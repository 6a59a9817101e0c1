// A non-blocking TCP or Unix socket connection.
//
// The listener is the owner, outlives the stream, and may destroy the stream from outside its
// callbacks only (retire it with a Deferred). A write owns its bytes until the kernel has them.
#pragma once

#include "daemon/io/endpoint.hpp"
#include "daemon/io/error.hpp"
#include "daemon/io/loop.hpp"
#include "daemon/io/path_info.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace p2pd::io {

class StreamListener {
 public:
  virtual void on_connected(std::error_code) {} // after connect()
  // Where the next bytes go. An empty span pauses reading until start_reading().
  virtual std::span<std::uint8_t> read_buffer() = 0;
  virtual void on_read(std::size_t bytes) = 0; // they are at the start of read_buffer()
  // No more will come: closed by the other end, or broken. Once; a failure to write may follow the
  // end of reading.
  virtual void on_end(std::error_code) = 0;
  virtual void on_written() {} // a write is done; look at queued()

 protected:
  ~StreamListener() = default;
};

// The peer's credentials on a Unix socket, as of its connect().
struct Credentials {
  static constexpr std::uint32_t nobody = ~0U; // no user and no group has this number
  std::uint32_t user = nobody;
  std::uint32_t group = nobody;
  int process = 0;
  std::vector<std::uint32_t> groups; // the supplementary ones
};

class Stream final {
 public:
  enum class Family : std::uint8_t { tcp, unix_socket };
  Stream(Loop& loop, Family family);
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  void listen_to(StreamListener& listener) { listener_ = &listener; }
  // TCP; answered by on_connected. `segment`: the maximum segment size in bytes; 0 = the device's.
  void connect(const Endpoint& to, int segment = 0);
  void use_default_control();             // TCP congestion control (socket.hpp)
  void bound_unsent(std::uint32_t bytes); // that the kernel takes ahead of what the path holds
  void bound_retransmission(milliseconds longest); // TCP (socket.hpp)
  void start_reading();
  void stop_reading();

  // Writes `head`, then `tail`, which `owner` keeps alive. Errors are reported by on_end.
  void write(std::vector<std::uint8_t> head, std::span<const std::uint8_t> tail = {},
             std::shared_ptr<const void> owner = nullptr);
  std::size_t queued() const; // bytes that the kernel has not taken yet

  Endpoint remote() const; // TCP
  Endpoint local() const;
  PathInfo path() const; // TCP, while it is connected
  // Unix socket: the other side is closed in both directions, so nothing written will be read. Poll
  // it after on_end: it may become true later, without an event.
  bool hung_up() const;
  Credentials credentials() const; // Unix socket; those of nobody if unknown

 private:
  friend class Listener;
  union Handle {
    uv_tcp_t tcp;
    uv_pipe_t pipe;
    uv_stream_t stream;
    uv_handle_t handle;
    void* data; // the first member of every libuv handle
  };
  struct Write;

  void tune();                 // an established TCP connection
  void fail_later(int status); // reports an immediate failure from the loop, like any other
  void report_failure();
  void end(int status);

  uv_stream_t* stream() { return &handle_->stream; }
  const uv_stream_t* stream() const { return &handle_->stream; }

  Owned<Handle> handle_;
  StreamListener* listener_ = nullptr;
  Deferred report_failure_;
  int failure_ = 0;
  int reads_ = 0;         // consecutive
  bool had_turn_ = false; // reading stopped after the last of them, for this iteration
  bool connecting_ = false;
  bool broken_ = false; // and on_end was called
};

} // namespace p2pd::io
