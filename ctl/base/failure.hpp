// The error that ends a command, with its exit code. Caught once, in run().
#pragma once

#include "proto/control/control_messages.hpp"

#include <cerrno>
#include <exception>
#include <filesystem>

namespace p2pd::ctl {

class Failure final : public std::exception {
 public:
  explicit Failure(proto::ControlError error) : error_(std::move(error)) {}
  Failure(proto::ExitCode code, std::string message, std::string remedy = {})
      : error_{code, std::move(message), std::move(remedy)} {}

  const proto::ControlError& error() const { return error_; }
  const char* what() const noexcept override { return error_.message.c_str(); }

 private:
  proto::ControlError error_;
};

// For a failed system call: errno is the cause.
[[noreturn]] inline void fail_by_errno(const std::filesystem::path& path) {
  throw std::filesystem::filesystem_error("", path, std::error_code(errno, std::system_category()));
}

} // namespace p2pd::ctl
