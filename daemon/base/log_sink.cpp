#include "daemon/base/log_sink.hpp"

#include <chrono>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <fmt/chrono.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace p2pd::base::log {

namespace {

// So much, and no more, poll(2) promises room for.
constexpr std::size_t longest = PIPE_BUF;

// As syslog(3) numbers them.
int priority(Level level) {
  switch (level) {
  case Level::error:
    return 3;
  case Level::warn:
    return 4;
  case Level::info:
    return 6;
  case Level::debug:
    return 7;
  }
  return 6;
}

char letter(Level level) {
  return "EWID"[static_cast<std::size_t>(level)];
}

// systemd.exec(5): $JOURNAL_STREAM holds device and inode of the stream that is the journal.
bool stderr_is_journal() {
  const char* const stream = std::getenv("JOURNAL_STREAM");
  struct stat status {};
  return stream != nullptr && ::fstat(STDERR_FILENO, &status) == 0 &&
         stream == std::to_string(status.st_dev) + ':' + std::to_string(status.st_ino);
}

std::string stamp() {
  const auto now =
      std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  return fmt::format("{:%Y-%m-%d %H:%M:%S}",
                     fmt::localtime(std::chrono::system_clock::to_time_t(now))) +
         fmt::format(".{:03}", now.time_since_epoch().count() % 1000);
}

bool may_be_in_key(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

// The text holds names, which may be "x peer=...": an "=" that would end a key is written as \x3d.
std::string without_fields(std::string_view text) {
  std::string out;
  bool in_key = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '=' && in_key)
      out += "\\x3d";
    else
      out += c;
    in_key = may_be_in_key(c) && (in_key || i == 0 || text[i - 1] == ' ');
  }
  return out;
}

std::string in_quotes(std::string_view value) {
  std::string out = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

// key=value, in quotes where there are blanks.
std::string text_of(const Line& line) {
  std::string text = fmt::format("{}: {}", line.room, without_fields(line.text));
  for (const Field& field : line.fields) {
    const bool plain = field.value.find_first_of(" \"=") == std::string::npos;
    text += fmt::format(" {}={}", field.key, plain ? field.value : in_quotes(field.value));
  }
  return text;
}

std::string upper(std::string_view key) {
  std::string name;
  for (const char c : key) name += static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return name;
}

int connected_to(const char* path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0 || ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
    return fd;
  ::close(fd);
  return -1;
}

} // namespace

Sink::Sink(const char* journal_socket)
    : in_journal_(stderr_is_journal()), journal_(in_journal_ ? connected_to(journal_socket) : -1) {}

Sink::~Sink() {
  if (journal_ >= 0) ::close(journal_);
}

void Sink::put(const Line& line) {
  if (lost_ > 0) {
    const Line told{Level::warn,
                    "log",
                    fmt::format("{} lines were lost, since they could not be written", lost_),
                    {}};
    if (!write(told)) {
      ++lost_;
      return;
    }
    lost_ = 0;
  }
  if (!write(line)) ++lost_;
}

bool Sink::write(const Line& line) {
  if (journal_ >= 0 && write_entry(line)) return true;
  // The stream to the journal takes a priority before each line, see sd-daemon(3).
  std::string text = in_journal_ ? fmt::format("<{}>", priority(line.level))
                                 : stamp() + ' ' + letter(line.level) + ' ';
  text += text_of(line);
  if (text.size() >= longest) text.resize(longest - 1);
  text += '\n';
  pollfd room{STDERR_FILENO, POLLOUT, 0};
  return ::poll(&room, 1, 0) == 1 && (room.revents & POLLOUT) != 0 &&
         ::write(STDERR_FILENO, text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

bool Sink::write_entry(const Line& line) const {
  std::string entry =
      fmt::format("PRIORITY={}\nSYSLOG_IDENTIFIER=p2pd\nP2PD_ROOM={}\nMESSAGE={}: {}\n",
                  priority(line.level), line.room, line.room, line.text);
  for (const Field& field : line.fields)
    entry += fmt::format("P2PD_{}={}\n", upper(field.key), field.value);
  return ::send(journal_, entry.data(), entry.size(), MSG_NOSIGNAL) ==
         static_cast<ssize_t>(entry.size());
}

} // namespace p2pd::base::log
