// limit: the rates in force, upload and download.
#include "ctl/commands/commands.hpp"

#include "ctl/render/table.hpp"
#include "proto/units.hpp"

#include <ctime>

namespace p2pd::ctl {

namespace {

using proto::Value;

// As people type it, so that what was set reads the same.
std::string limit_text(const Value& rate) {
  const std::uint64_t bytes = natural_of(rate).value_or(0);
  return bytes == 0 ? "unlimited" : proto::format_rate(bytes);
}

// The day of the week and the local time.
std::string when_text(std::uint64_t since_1970) {
  const auto time = static_cast<std::time_t>(since_1970);
  std::tm parts{};
  localtime_r(&time, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%a %H:%M", &parts);
  return text;
}

} // namespace

std::string limits_text(const Value& limits) {
  std::string text =
      "upload " + limit_text(limits["up"]) + ", download " + limit_text(limits["down"]);
  if (natural_of(limits["between_sites"]).value_or(0) != 0)
    text += ", between sites " + limit_text(limits["between_sites"]);
  const std::string line = text_of(limits["schedule"]);
  const auto until = natural_of(limits["until"]);
  if (!line.empty()) text += "; by \"" + line + '"';
  if (until) text += (line.empty() ? "; until " : " until ") + when_text(*until);
  return text;
}

std::string render_limit(Answers answers, const Style& style) {
  const Value& limits = answers.front();
  if (style.terminal) return limits_text(limits) + '\n';
  return text_of(limits["up"]) + '\t' + text_of(limits["down"]) + '\t' +
         text_of(limits["between_sites"]) + '\t' + text_of(limits["schedule"]) + '\t' +
         text_of(limits["until"]) + '\n';
}

} // namespace p2pd::ctl
