#include "ctl/shell/choice.hpp"

#include "ctl/base/failure.hpp"
#include "ctl/complete/names.hpp"
#include "ctl/render/table.hpp"

#include <charconv>

namespace p2pd::ctl {

namespace {

using proto::Value;

// The contents that somebody claims under this very name.
Value::Array claims_of(const Value& name, const Ask& ask, const Globals& daemon) {
  Value::Array claims = catalog_about(name.text(), ask, daemon);
  std::erase_if(claims, [&](const Value& file) {
    return file["name"] != name || list_of(file["publishers"]).empty();
  });
  return claims;
}

std::string drawn(const Value::Array& files, const Style& style) {
  Table table({{"", Column::number}, {"SIZE", Column::number}, {"PUBLISHER"}, {"ID", Column::id}});
  for (std::size_t i = 0; i < files.size(); ++i)
    table.row({text_cell(i + 1), size_cell(files[i]["size"]),
               text_cell(list_of(files[i]["publishers"]).front()["name"]),
               text_cell(files[i]["id"])});
  return table.drawn(style);
}

} // namespace

void choose_contents(Invocation& invocation, const Ask& ask, const Screen& screen,
                     const Question& question) {
  for (Value& request : invocation.requests) {
    const Value::Array claims = claims_of(request["content"], ask, invocation.globals);
    if (claims.size() < 2) continue;
    screen.print(text_of(request["content"]) + " is several contents:\n" +
                 drawn(claims, screen.out_style()));
    const std::string answer = question("which one? ").value_or("");
    std::size_t number = 0;
    std::from_chars(answer.data(), answer.data() + answer.size(), number);
    if (number == 0 || number > claims.size())
      throw Failure(proto::ExitCode::failed, "none was chosen",
                    "answer with its number, or name one as NAME@PEER or by its id");
    request.set("content", claims[number - 1]["id"]);
  }
}

} // namespace p2pd::ctl
