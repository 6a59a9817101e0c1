// Where output goes: answers to stdout, errors, warnings and progress to stderr; as text or JSON.
// Thread: one. Lifetime: the two streams outlive it. Errors: Failure when stdout takes no more.
#pragma once

#include "ctl/render/style.hpp"
#include "proto/control/control_messages.hpp"

#include <cstdio>

namespace p2pd::ctl {

class Screen final {
 public:
  Screen(std::FILE* out, std::FILE* err, bool json, bool colour_allowed);

  bool json() const { return json_; }
  const Style& out_style() const { return out_style_; }
  const Style& err_style() const { return err_style_; }
  std::FILE* progress() const; // the terminal for progress bars; null when there are to be none

  void print(std::string_view text) const;    // to stdout, at once
  void print_json(proto::Value object) const; // as JSON with its schema, at once
  void warn(std::string_view command, std::string_view warning) const;
  // "p2pctl: COMMAND: message; remedy" on one line; `command` may be "".
  void fail(std::string_view command, const proto::ControlError& error) const;

 private:
  std::FILE* out_;
  std::FILE* err_;
  bool json_;
  Style out_style_;
  Style err_style_;
};

} // namespace p2pd::ctl
