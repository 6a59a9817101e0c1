// A child process. It leads its own session and process group, reads from /dev/null, writes to this
// process's log, and inherits no other descriptor. Member of the object it calls; dropping it
// leaves the program running and its end to the Reaper. Loop thread only.
#pragma once

#include "daemon/io/loop.hpp"

#include <optional>
#include <string>
#include <vector>

namespace p2pd::io {

class Process final {
 public:
  // The exit code, or the signal that ended it if that is not 0.
  using Ended = Bound<void(int code, int signal)>;

  // `arguments` begins with the program's path, `environment` is NAME=VALUE. Blocks until the
  // program runs. Throws std::system_error if it cannot be started.
  Process(Loop& loop, const std::vector<std::string>& arguments,
          const std::vector<std::string>& environment, Ended ended);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void kill(); // with its process group

 private:
  Loop& loop_;
  Owned<uv_process_t> handle_;
  Ended ended_;
};

} // namespace p2pd::io
