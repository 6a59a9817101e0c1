// A TCP or Unix-socket connection: bytes in, bytes out, neither ever blocking.
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
  // Where the next bytes go. An empty span is backpressure: nothing is read until start_reading().
  virtual std::span<std::uint8_t> read_buffer() = 0;
  virtual void on_read(std::size_t bytes) = 0; // they stand at the front of read_buffer()
  // No more will come: closed over there, or broken. Once; the end of what comes may be followed by
  // a failure of what goes.
  virtual void on_end(std::error_code) = 0;
  virtual void on_written() {} // a write has left; look at queued()

 protected:
  ~StreamListener() = default;
};

// Who is at the other end of a Unix socket, as of its connect().
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
  // TCP; answered by on_connected. `segment`: of so many bytes at most; 0 = as the device allows.
  void connect(const Endpoint& to, int segment = 0);
  void use_default_control();                      // TCP; of congestion (socket.hpp)
  void bound_retransmission(milliseconds longest); // TCP (socket.hpp)
  void start_reading();
  void stop_reading();

  // Writes `head`, then `tail`, which `owner` keeps alive. Errors come as on_end.
  void write(std::vector<std::uint8_t> head, std::span<const std::uint8_t> tail = {},
             std::shared_ptr<const void> owner = nullptr);
  std::size_t queued() const; // bytes that the kernel has not taken yet

  Endpoint remote() const; // TCP
  Endpoint local() const;
  PathInfo path() const; // TCP, while it is connected
  // Unix socket: the other side is closed both ways, so that nobody reads what is written. After
  // on_end; it may come later than that, and is not told.
  bool hung_up() const;
  Credentials credentials() const; // Unix socket; of nobody where the kernel does not tell

 private:
  friend class Listener;
  union Handle {
    uv_tcp_t tcp;
    uv_pipe_t pipe;
    uv_stream_t stream;
    uv_handle_t handle;
    void* data; // all of libuv's handles begin with it
  };
  struct Write;

  void tune();                 // a TCP connection that stands
  void fail_later(int status); // what is refused at once is reported like all else: from the loop
  void report_failure();
  void end(int status);

  uv_stream_t* stream() { return &handle_->stream; }
  const uv_stream_t* stream() const { return &handle_->stream; }

  Owned<Handle> handle_;
  StreamListener* listener_ = nullptr;
  Deferred report_failure_;
  int failure_ = 0;
  int reads_ = 0;         // in a row
  bool had_turn_ = false; // the last of them was the last for now
  bool connecting_ = false;
  bool broken_ = false; // and that was reported
};

} // namespace p2pd::io
