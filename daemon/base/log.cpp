#include "daemon/base/log.hpp"

#include <cstdlib>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <string>
#include <sys/stat.h>

namespace p2pd::base::log {

namespace {

bool journal = false;

spdlog::level::level_enum spdlog_level(Level level) {
  switch (level) {
  case Level::error:
    return spdlog::level::err;
  case Level::warn:
    return spdlog::level::warn;
  case Level::info:
    return spdlog::level::info;
  case Level::debug:
    return spdlog::level::debug;
  }
  return spdlog::level::info;
}

// sd-daemon(3): priorities as syslog(3) numbers them.
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

// systemd.exec(5): $JOURNAL_STREAM holds device and inode of the stream that is the journal.
bool stderr_is_journal() {
  const char* const stream = std::getenv("JOURNAL_STREAM");
  struct stat status {};
  return stream != nullptr && fstat(2, &status) == 0 &&
         stream == std::to_string(status.st_dev) + ':' + std::to_string(status.st_ino);
}

} // namespace

void open(Level level) {
  journal = stderr_is_journal();
  auto logger = spdlog::stderr_logger_mt("p2pd");
  logger->set_pattern(journal ? "%v" : "%Y-%m-%d %H:%M:%S.%e %L %v");
  logger->flush_on(spdlog::level::debug);
  spdlog::set_default_logger(std::move(logger));
  set_level(level);
}

void set_level(Level level) {
  spdlog::set_level(spdlog_level(level));
}
bool enabled(Level level) {
  return spdlog::should_log(spdlog_level(level));
}

void write(Level level, std::string_view room, std::string_view text) {
  // A name may hold anything; a line of the log is one line.
  std::string clean;
  clean.reserve(text.size());
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      clean += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    else
      clean += c;
  }
  if (journal)
    spdlog::log(spdlog_level(level), "<{}>{}: {}", priority(level), room, clean);
  else
    spdlog::log(spdlog_level(level), "{}: {}", room, clean);
}

} // namespace p2pd::base::log
