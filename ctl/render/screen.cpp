#include "ctl/render/screen.hpp"

#include "ctl/base/failure.hpp"
#include "ctl/render/json.hpp"
#include "ctl/render/text.hpp"

#include <cerrno>
#include <cstring>

namespace p2pd::ctl {

namespace {

void write_now(std::FILE* stream, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stream);
  std::fflush(stream);
}

std::string shown(std::string_view text, const Style& style) {
  return style.terminal && !style.utf8 ? ascii(text) : std::string(text);
}

std::string prefix(std::string_view command) {
  return command.empty() ? "p2pctl: " : "p2pctl: " + std::string(command) + ": ";
}

} // namespace

Screen::Screen(std::FILE* out, std::FILE* err, bool json, bool colour_allowed)
    : out_(out)
    , err_(err)
    , json_(json)
    , out_style_(style_of(::fileno(out), colour_allowed))
    , err_style_(style_of(::fileno(err), colour_allowed)) {}

std::FILE* Screen::progress() const {
  return err_style_.escapes && !json_ ? err_ : nullptr;
}

void Screen::print(std::string_view text) const {
  errno = 0;
  write_now(out_, shown(text, out_style_));
  if (std::ferror(out_) != 0)
    throw Failure(proto::ExitCode::failed,
                  std::string("the output cannot be written: ") + std::strerror(errno));
}

void Screen::print_json(proto::Value object) const {
  print(json_line(with_schema(std::move(object))));
}

void Screen::warn(std::string_view command, std::string_view warning) const {
  write_now(err_,
            shown(safe(prefix(command) + "warning: " + std::string(warning)) + '\n', err_style_));
}

void Screen::fail(std::string_view command, const proto::ControlError& error) const {
  if (json_) {
    write_now(err_, json_line({{"error", error.value()}}));
    return;
  }
  std::string line = prefix(command) + error.message;
  if (!error.remedy.empty()) line += "; " + error.remedy;
  write_now(err_, shown(safe(line) + '\n', err_style_));
}

} // namespace p2pd::ctl
