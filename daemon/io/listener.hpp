// A listening TCP or Unix socket. Calls one method with each connection. Member of the object it
// calls. However many connect, it takes a few a turn of the loop, so that those who are connected
// have their turn too; the kernel keeps the others waiting, and drops what is too much. Who
// connects when the process has no descriptor left is hung up on.
#pragma once

#include "daemon/io/spare_descriptor.hpp"
#include "daemon/io/stream.hpp"

#include <filesystem>

namespace p2pd::io {

class Listener final {
 public:
  using Accept = Bound<void(std::unique_ptr<Stream>)>;

  // Bind and listen at once; throw std::system_error when that fails.
  Listener(Loop& loop, const Endpoint& at, Accept accept);
  Listener(Loop& loop, const std::filesystem::path& socket, Accept accept);
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  Endpoint local() const; // TCP: the real port where 0 was asked for

 private:
  using Handle = Stream::Handle;
  void listen();
  void on_connection(int status);
  void take();
  void on_next_turn();

  Loop& loop_;
  Accept accept_;
  Stream::Family family_;
  Owned<Handle> handle_;
  SpareDescriptor spare_;
  Deferred next_turn_;
  int taken_ = 0;         // in this turn
  bool one_more_ = false; // libuv holds it, and accepts no other until it is taken
};

} // namespace p2pd::io
