#include "daemon/io/process.hpp"

#include "daemon/io/error.hpp"

#include <array>
#include <csignal>
#include <unistd.h>

namespace p2pd::io {

namespace {

// As execve(2) has it. libuv's types lack the const.
std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (const std::string& text : texts) list.push_back(const_cast<char*>(text.c_str()));
  list.push_back(nullptr);
  return list;
}

} // namespace

Process::Process(Loop& loop, const std::vector<std::string>& arguments,
                 const std::vector<std::string>& environment, Ended ended)
    : loop_(loop), handle_(new uv_process_t{}), ended_(ended) {
  std::vector<char*> argv = pointers(arguments);
  std::vector<char*> envp = pointers(environment);
  std::array<uv_stdio_container_t, 3> stdio{};
  stdio[STDIN_FILENO].flags = UV_IGNORE;
  for (const int output : {STDOUT_FILENO, STDERR_FILENO}) {
    stdio[output].flags = UV_INHERIT_FD;
    stdio[output].data.fd = STDERR_FILENO;
  }
  uv_process_options_t options{};
  options.file = argv.front();
  options.args = argv.data();
  options.env = envp.data();
  options.cwd = "/";
  options.flags = UV_PROCESS_DETACHED;
  options.stdio_count = stdio.size();
  options.stdio = stdio.data();
  options.exit_cb = [](uv_process_t* handle, std::int64_t code, int signal) noexcept {
    auto* const self = static_cast<Process*>(handle->data);
    if (self == nullptr) return;
    self->loop_.programs().erase(handle->pid);
    self->ended_(static_cast<int>(code), signal);
  };
  const int status = uv_spawn(loop.handle(), handle_.get(), &options);
  handle_->data = this;
  require(status, "start");
  loop.programs().insert(handle_->pid);
}

Process::~Process() {
  loop_.programs().erase(handle_->pid);
}

void Process::kill() {
  ::kill(-handle_->pid, SIGKILL);
}

} // namespace p2pd::io
