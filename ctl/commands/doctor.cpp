// doctor: what was checked, what is wrong, and the remedy. If no daemon answers, that is what is
// wrong.
#include "ctl/commands/commands.hpp"

#include "ctl/render/cells.hpp"
#include "ctl/render/lines.hpp"
#include "ctl/render/text.hpp"

namespace p2pd::ctl {

namespace {

using proto::Value;

std::size_t count_of(Answers answers, std::string_view state) {
  std::size_t count = 0;
  for (const Value& check : list_of(answers.front()["checks"]))
    if (check["state"] == Value(state)) ++count;
  return count;
}

std::string sum(Answers answers, const Style& style) {
  const std::size_t wrong = count_of(answers, "fail");
  const std::size_t doubtful = count_of(answers, "warn");
  if (wrong == 1) return tinted("one thing is wrong", Tint::bad, style) + '\n';
  if (wrong > 1)
    return tinted(std::to_string(wrong) + " things are wrong", Tint::bad, style) + '\n';
  return tinted(doubtful > 0 ? "it works; see what is marked" : "all is well", Tint::good, style) +
         '\n';
}

} // namespace

Value doctor_without_daemon(const proto::ControlError& error) {
  return {{"checks", Value::Array{Value{{"name", "socket"},
                                        {"state", "fail"},
                                        {"finding", error.message},
                                        {"remedy", error.remedy}}}}};
}

proto::ExitCode verdict_of_doctor(const Value& answer) {
  return count_of({&answer, 1}, "fail") > 0 ? proto::ExitCode::failed : proto::ExitCode::done;
}

std::string render_doctor(Answers answers, const Style& style) {
  constexpr std::size_t state_columns = 6;
  constexpr std::size_t name_columns = 14;
  constexpr std::size_t indent = state_columns + name_columns;
  const Value::Array& checks = list_of(answers.front()["checks"]);
  if (!style.terminal)
    return plain_lines(row_of("doctor", "checks"), {"name", "state", "finding", "remedy"}, checks);
  std::string lines;
  for (const Value& check : checks) {
    const Cell name = text_cell(check["name"]);
    const Cell state = state_cell(check["state"]);
    const Cell finding = text_cell(check["finding"]);
    const Cell remedy = text_cell(check["remedy"]);
    lines += tinted(state.text, state.tint, style) +
             padded_right("", state_columns - std::min(state_columns, width_of(state.text))) +
             padded_right(name.text, name_columns) + wrapped(finding.text, style.columns, indent) +
             '\n';
    if (!remedy.plain.empty())
      lines +=
          std::string(indent, ' ') + wrapped("-> " + remedy.text, style.columns, indent + 3) + '\n';
  }
  return lines + sum(answers, style);
}

} // namespace p2pd::ctl
