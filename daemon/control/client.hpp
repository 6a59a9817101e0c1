// One connection on the control socket. Loop thread only; owned by the server.
#pragma once

#include "daemon/control/server.hpp"
#include "daemon/io/alive.hpp"

namespace p2pd::control {

class Client final : private io::StreamListener {
 public:
  Client(Server& server, std::unique_ptr<io::Stream> stream);

  void serve(proto::Access access, std::uint32_t user); // takes its commands, as far as it may
  void dismiss(const proto::ControlError& refusal);     // says why, and closes

  proto::Access access() const { return access_; } // none: it is not served
  std::uint32_t user() const { return user_; }

  bool reply(const proto::ControlReply& reply); // whether it will be sent
  void answer(proto::Bytes frame);              // a whole one, as the end of a command
  bool has_room() const;                        // for one more event
  bool gone() const;                            // nobody reads the answers

 private:
  std::span<std::uint8_t> read_buffer() override { return buffer_; }
  void on_read(std::size_t bytes) override;
  void on_end(std::error_code failure) override;
  void on_written() override;

  void run(const proto::ControlRequest& request);
  bool takes(proto::ReplyKind kind); // one reply more; it counts answers
  void close();

  Server& server_;
  std::unique_ptr<io::Stream> stream_;
  proto::Access access_ = proto::Access::none;
  std::uint32_t user_ = io::Credentials::nobody;
  proto::Decoder decoder_;
  std::array<std::uint8_t, 4096> buffer_;
  proto::Bytes inbox_;
  std::size_t running_ = 0; // commands without an answer yet
  bool no_more_ = false;    // the client has sent all it will; it still reads
  bool closed_ = false;
  io::Alive<Client> alive_{this}; // calls hold it weakly
};

} // namespace p2pd::control
