// publish --copy: what is outside the share folders is first copied into one of them, with the
// caller's rights: the daemon may read only what it shares, and need not write there. Root does not
// write into a folder just because another user's daemon shares it.
//
// All copies are made before the first one gets its name, so that an interrupt leaves nothing
// behind.
#include "ctl/commands/commands.hpp"

#include "ctl/base/arguments.hpp"
#include "ctl/base/client.hpp"
#include "ctl/base/copy_tree.hpp"
#include "ctl/base/draft.hpp"
#include "ctl/render/cells.hpp"
#include "ctl/render/progress.hpp"
#include "ctl/render/screen.hpp"

#include <algorithm>
#include <memory>
#include <unistd.h>

namespace p2pd::ctl {

namespace {

namespace fs = std::filesystem;
using proto::ExitCode;
using proto::Value;
using Paths = std::vector<fs::path>;

const Aftermath aftermath{"nothing was published", ""};

Paths share_folders(Client& client) try {
  client.send({1, "status", Value::Object()});
  proto::ControlReply reply;
  if (const Next next = client.next(reply, std::nullopt); next != Next::reply)
    throw ended_early(next, aftermath);
  if (reply.kind == proto::ReplyKind::error) throw Failure(proto::ControlError::from(reply.body));
  Paths folders;
  for (const Value& folder : list_of(reply.body["share"])) folders.emplace_back(folder.text());
  if (folders.empty())
    throw Failure(ExitCode::failed, "this daemon has no share folder to copy into",
                  "set [peer] share = [\"/srv/share\"] in its p2pd.toml and restart it");
  return folders;
} catch (const proto::Error& error) {
  throw not_understood(error);
}

// Both without symlinks in them.
bool lies_in(const fs::path& folder, const fs::path& path) {
  return std::ranges::mismatch(folder, path).in1 == folder.end();
}

bool is_shared(const fs::path& source, const Paths& shares) {
  return std::ranges::any_of(shares, [&](const fs::path& share) {
    std::error_code missing;
    const fs::path real = fs::canonical(share, missing);
    return !missing && lies_in(real, source);
  });
}

bool is_trusted(const Spot& share, uid_t daemon) {
  return ::geteuid() != 0 || daemon == 0 || share.status().st_uid == daemon;
}

// In the first share folder that the caller may write to.
std::unique_ptr<Draft> new_draft(const fs::path& source, const fs::path& name, const Paths& shares,
                                 uid_t daemon) {
  std::string causes;
  for (const fs::path& share : shares) try {
      Spot folder = Spot::at(share);
      if (lies_in(source, folder.path()))
        throw Failure(ExitCode::failed,
                      '"' + source.string() + "\" holds the share folder " + share.string(),
                      "publish what lies beside that");
      if (!is_trusted(folder, daemon))
        throw Failure(ExitCode::failed,
                      "root copies nothing into " + share.string() +
                          ", which the daemon's user does not own",
                      "copy it there yourself, if it is to be there, and publish that");
      auto draft = std::make_unique<Draft>(std::move(folder), name);
      draft->expect_free();
      return draft;
    } catch (const fs::filesystem_error& error) {
      causes += (causes.empty() ? "" : ", ") + share.string() + ": " + error.code().message();
    }
  throw Failure(ExitCode::failed, "you cannot write to any share folder (" + causes + ')',
                "get the right to, or ask somebody who has it");
}

std::string_view remedy_of(const std::error_code& code) {
  if (code == std::errc::no_such_file_or_directory) return "check the spelling";
  if (code == std::errc::permission_denied) return "get the right to read it";
  if (code == std::errc::no_space_on_device) return "free some space in the share folder";
  return "";
}

Failure failure_of(const fs::filesystem_error& error) {
  return {ExitCode::failed,
          "cannot copy \"" + error.path1().string() + "\": " + error.code().message(),
          std::string(remedy_of(error.code()))};
}

class Copying final {
 public:
  Copying(Invocation& invocation, Client& client, const Screen& screen)
      : invocation_(invocation)
      , requests_(invocation.requests)
      , client_(client)
      , screen_(screen)
      , shares_(share_folders(client))
      , progress_(screen.progress(), screen.err_style(), invocation.labels)
      , drafts_(requests_.size()) {}

  ExitCode run() {
    for (std::size_t i = 0; i < drafts_.size(); ++i) attempt(i, [&] { write_draft(i); });
    for (std::size_t i = 0; i < drafts_.size(); ++i)
      if (drafts_[i] != nullptr) attempt(i, [&] { move_out(i); });
    drop_failed();
    return code_;
  }

 private:
  // An error with one does not stop the others.
  template <class Work>
  void attempt(std::size_t index, const Work& work) try {
    work();
  } catch (const fs::filesystem_error& error) {
    fail(index, failure_of(error));
  } catch (const Failure& failure) {
    if (failure.error().code != ExitCode::failed) throw; // it ends the whole command
    fail(index, failure);
  }

  void fail(std::size_t index, const Failure& failure) {
    drafts_[index].reset();
    requests_[index] = Value();
    code_ = ExitCode::failed;
    progress_.finish(index, false);
    progress_.clear();
    screen_.fail(invocation_.command->name, failure.error());
  }

  void write_draft(std::size_t index) {
    std::erase_if(requests_[index].object(),
                  [](const auto& field) { return field.first == "copy"; });
    const fs::path path = requests_[index]["path"].text();
    const Spot source = Spot::at(path);
    if (is_shared(source.path(), shares_)) return;
    auto draft = new_draft(source.path(), path.filename(), shares_, client_.daemon_user());
    const std::uint64_t size = bytes_below(source);
    std::uint64_t done = 0;
    copy_tree(source, draft->hidden(), draft->name(), [&](std::uint64_t bytes) {
      done += bytes;
      progress_.update(index, {{"stage", "copy"}, {"done_bytes", done}, {"size", size}});
      progress_.draw(Progress::Clock::now());
      if (const Next next = client_.check(); next != Next::wake) throw ended_early(next, aftermath);
    });
    progress_.finish(index, true);
    drafts_[index] = std::move(draft);
  }

  void move_out(std::size_t index) {
    requests_[index].set("path", Value::name(drafts_[index]->move_out().string()));
  }

  void drop_failed() {
    auto label = invocation_.labels.begin();
    for (const Value& request : requests_)
      label = request.is_null() ? invocation_.labels.erase(label) : std::next(label);
    std::erase_if(requests_, [](const Value& request) { return request.is_null(); });
  }

  Invocation& invocation_;
  std::vector<Value>& requests_;
  Client& client_;
  const Screen& screen_;
  const Paths shares_;
  Progress progress_;
  std::vector<std::unique_ptr<Draft>> drafts_; // null where there is nothing to move
  ExitCode code_ = ExitCode::done;
};

} // namespace

ExitCode copy_to_share(Invocation& invocation, Client& client, const Screen& screen) {
  if (!is_true(invocation.requests.front()["copy"])) return ExitCode::done;
  return Copying(invocation, client, screen).run();
}

} // namespace p2pd::ctl
