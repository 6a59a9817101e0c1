// limit: the rates in force, upload and download.
#include "ctl/commands/commands.hpp"

#include "ctl/render/table.hpp"
#include "proto/units.hpp"

namespace p2pd::ctl {

namespace {

using proto::Value;

// As people type it, so that what was set reads the same.
std::string limit_text(const Value& rate) {
  const std::uint64_t bytes = natural_of(rate).value_or(0);
  return bytes == 0 ? "unlimited" : proto::format_rate(bytes);
}

} // namespace

std::string render_limit(Answers answers, const Style& style) {
  const Value& up = answers.front()["up"];
  const Value& down = answers.front()["down"];
  if (style.terminal) return "upload " + limit_text(up) + ", download " + limit_text(down) + '\n';
  return text_of(up) + '\t' + text_of(down) + '\n';
}

} // namespace p2pd::ctl
