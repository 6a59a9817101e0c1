// A listening TCP or Unix socket. Calls one method with each connection. Member of the object it
// calls. However many connect, it takes a few a turn of the loop, so that those who are connected
// have their turn too; the kernel keeps the others waiting, and drops what is too much.
//
// Where the process has no descriptor left, what connects is taken by means of a spare one and
// closed, so that it learns at once that it has to come back. libuv does likewise, but needs to
// open "/" for that, which a confined daemon may not, and then takes the loop with it: so this
// accepts by itself.
#pragma once

#include "daemon/io/stream.hpp"
#include "daemon/io/timer.hpp"

#include <filesystem>

namespace p2pd::io {

class Listener final {
 public:
  using Accept = Bound<void(std::unique_ptr<Stream>)>;

  // Bind and listen at once; throw std::system_error when that fails.
  Listener(Loop& loop, const Endpoint& at, Accept accept);
  Listener(Loop& loop, const std::filesystem::path& socket, Accept accept);
  Listener(Loop& loop, int inherited, Accept accept); // a Unix socket that listens already
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  Endpoint local() const; // TCP: the real port where 0 was asked for

 private:
  using Handle = Stream::Handle;
  Listener(Loop& loop, Stream::Family family, Accept accept);
  void begin();
  void watch();
  bool take();      // false: no more for now
  bool turn_away(); // likewise, as the next
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
