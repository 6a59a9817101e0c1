// A listening TCP or Unix socket. Calls one method with each connection. Member of the object it
// calls. It accepts only a few connections per loop iteration, so that existing connections are not
// starved; the others wait in the kernel's backlog, which drops what exceeds it.
//
// When the process is out of descriptors, a connection is accepted with a spare one and closed, so
// that the client learns at once to retry. libuv does the same but has to open "/" for it, which a
// confined daemon may not, and then spins: so this class calls accept itself.
#pragma once

#include "daemon/io/stream.hpp"
#include "daemon/io/timer.hpp"

#include <filesystem>

namespace p2pd::io {

class Listener final {
 public:
  using Accept = Bound<void(std::unique_ptr<Stream>)>;

  // Bind and listen; throw std::system_error on failure.
  Listener(Loop& loop, const Endpoint& at, Accept accept);
  Listener(Loop& loop, const std::filesystem::path& socket, Accept accept);
  Listener(Loop& loop, int inherited, Accept accept); // a Unix socket that is already listening
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  Endpoint local() const; // TCP: the real port where 0 was asked for

 private:
  using Handle = Stream::Handle;
  Listener(Loop& loop, Stream::Family family, Accept accept);
  void begin();
  void watch();
  bool take();      // false: none left for now
  bool turn_away(); // likewise
  bool pause();
  std::unique_ptr<Stream> wrapped(int descriptor);

  Loop& loop_;
  Accept accept_;
  Stream::Family family_;
  Owned<Handle> handle_; // holds the socket
  Owned<uv_poll_t> poll_;
  int socket_ = -1; // its descriptor
  int spare_ = -1;
  Timer rest_;
};

} // namespace p2pd::io
