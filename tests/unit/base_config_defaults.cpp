#include "tests/unit/base_config_fixture.hpp"

namespace p2pd::base {
namespace {

using namespace std::chrono_literals;
using Paths = std::vector<std::filesystem::path>;

TEST(ConfigDefaults, OfASystemService) {
  const Config config = load_config(std::nullopt, system_environment());
  EXPECT_EQ(config.role, Role::peer);
  EXPECT_EQ(config.name, "build-07");
  EXPECT_EQ(config.state_dir, "/var/lib/p2pd");
  EXPECT_EQ(config.log_level, log::Level::info);
  EXPECT_EQ(config.listen, (std::vector<HostPort>{{"::", 7440}, {"0.0.0.0", 7440}}));
  EXPECT_EQ(config.secret_file, "/var/lib/p2pd/network.key");
  EXPECT_EQ(config.previous_secret_file, "");
  EXPECT_TRUE(config.beacon);
  EXPECT_EQ(config.control_socket, "/run/p2pd/p2pd.sock");
  EXPECT_EQ(config.control_group, "p2pd");
  EXPECT_FALSE(config.control_group_is_named());
  EXPECT_EQ(config.control_readers, "");
  EXPECT_EQ(config.share, Paths());
  EXPECT_EQ(config.download_dir, "/var/lib/p2pd/downloads");
  EXPECT_EQ(config.writable, Paths());
  EXPECT_EQ(config.download_group, "");
  EXPECT_EQ(config.download_umask, "");
  EXPECT_EQ(config.auto_publish_exclude, std::vector<std::string>{"*.part"});
  EXPECT_EQ(config.upload_slots, 16U);
  EXPECT_EQ(config.scrub, std::chrono::days(30));
  EXPECT_EQ(config.upload_limit, 0U);
  EXPECT_EQ(config.memory, 64U << 20);
  EXPECT_EQ(config.page_cache, 1U << 30);
  EXPECT_EQ(config.connections, 1000U);
  EXPECT_EQ(config.peer_timeout, 30s);
  EXPECT_FALSE(config.http_listen);
  EXPECT_EQ(config.file, "");
  EXPECT_TRUE(config.given.empty());
}

TEST(ConfigDefaults, OfAUser) {
  const Config config = load_config(std::nullopt, user_environment());
  EXPECT_EQ(config.name, "laptop");
  EXPECT_EQ(config.state_dir, "/home/ada/.local/state/p2pd");
  EXPECT_EQ(config.secret_file, "/home/ada/.local/state/p2pd/network.key");
  EXPECT_EQ(config.control_socket, "/run/user/1000/p2pd.sock");
  EXPECT_EQ(config.control_group, ""); // this machine has no group p2pd
  EXPECT_EQ(config.share, Paths{"/home/ada"});
  EXPECT_EQ(config.download_dir, "/home/ada/Downloads");
  EXPECT_EQ(config.writable, Paths{"/home/ada"});
}

TEST(ConfigDefaults, OfAUserWithoutARuntimeFolder) {
  Environment environment = user_environment();
  environment.xdg_runtime_dir.clear();
  EXPECT_EQ(load_config(std::nullopt, environment).control_socket,
            "/home/ada/.local/state/p2pd/p2pd.sock");
}

TEST(ConfigDefaults, OfAUserWithoutAHome) {
  Environment environment;
  try {
    load_config(std::nullopt, environment);
    FAIL() << "there is nowhere to keep the state";
  } catch (const ConfigError& error) {
    EXPECT_STREQ(error.what(), "(no config file): [node] state_dir has no default without a home "
                               "folder: set it, or $HOME");
  }
  const Config config = load("[node]\nstate_dir = \"/srv/p2pd\"", environment);
  EXPECT_EQ(config.control_socket, "/srv/p2pd/p2pd.sock");
  EXPECT_EQ(config.download_dir, "/srv/p2pd/downloads");
  EXPECT_EQ(config.share, Paths());
  EXPECT_EQ(config.name, "node"); // the machine has no name either
}

TEST(ConfigDefaults, OfAnInstanceOfTheService) {
  Environment environment = system_environment();
  environment.state_directory = "/var/lib/p2pd-tracker";
  environment.runtime_directory = "/run/p2pd-tracker";
  const Config config = load_config(std::nullopt, environment);
  EXPECT_EQ(config.state_dir, "/var/lib/p2pd-tracker");
  EXPECT_EQ(config.secret_file, "/var/lib/p2pd-tracker/network.key");
  EXPECT_EQ(config.control_socket, "/run/p2pd-tracker/p2pd.sock");
}

TEST(ConfigDefaults, TheSecretMayBeACredential) {
  const TestFolder folder;
  Environment environment = system_environment();
  environment.credentials_directory = folder.path();
  EXPECT_EQ(load_config(std::nullopt, environment).secret_file, "/var/lib/p2pd/network.key");
  write_text(folder / "network.key", "");
  EXPECT_EQ(load_config(std::nullopt, environment).secret_file, folder / "network.key");
  const std::string_view named = "[network]\nsecret_file = \"/etc/key\"";
  EXPECT_EQ(load(named, environment).secret_file, "/etc/key");
}

TEST(ConfigDefaults, FollowTheKeysThatAreGiven) {
  const Config config = load("[node]\nrole = \"tracker\"\nstate_dir = \"/srv/p2pd/\"\n"
                             "[peer]\nshare = []");
  EXPECT_EQ(config.role, Role::tracker);
  EXPECT_EQ(config.connections, 20'000U);
  EXPECT_EQ(config.state_dir, "/srv/p2pd");
  EXPECT_EQ(config.secret_file, "/srv/p2pd/network.key");
  EXPECT_EQ(config.download_dir, "/srv/p2pd/downloads");
  EXPECT_EQ(load("[node]\nrole = \"tracker\"\n[limits]\nconnections = 7").connections, 7U);
  EXPECT_EQ(load("[peer]\nshare = []", user_environment()).share, Paths());
}

TEST(ConfigDefaults, AHostNameBecomesANodeName) {
  Environment environment = system_environment();
  environment.host_name = "bad name/with:all@of\xff it";
  EXPECT_EQ(load_config(std::nullopt, environment).name, "bad-name-with-all-of--it");
  environment.host_name = std::string(70, 'x');
  EXPECT_EQ(load_config(std::nullopt, environment).name, std::string(64, 'x'));
}

TEST(ConfigDefaults, ALongDefaultSocketPathIsRefused) {
  Environment environment = user_environment();
  environment.xdg_runtime_dir = '/' + std::string(100, 'r');
  try {
    load_config(std::nullopt, environment);
    FAIL() << "a socket cannot be made there";
  } catch (const ConfigError& error) {
    EXPECT_STREQ(error.what(),
                 "(no config file): [control] socket: the path is 111 bytes long, and a "
                 "socket's has at most 107: write a shorter one");
  }
}

TEST(ConfigFile, IsChosenByWhoRunsTheDaemon) {
  const TestFolder folder;
  Environment environment = user_environment();
  environment.system_config = folder / "system.toml";
  environment.xdg_config_home = folder.path();
  EXPECT_EQ(default_config_path(environment), std::nullopt);
  std::filesystem::create_directory(folder / "p2pd");
  write_text(folder / "p2pd/p2pd.toml", "");
  EXPECT_EQ(default_config_path(environment), folder / "p2pd/p2pd.toml");

  environment.system = true;
  EXPECT_EQ(default_config_path(environment), std::nullopt);
  write_text(folder / "system.toml", "");
  EXPECT_EQ(default_config_path(environment), folder / "system.toml");

  environment = Environment();
  EXPECT_EQ(default_config_path(environment), std::nullopt);
}

TEST(ConfigFile, ADanglingLinkIsNotPassedOver) {
  const TestFolder folder;
  Environment environment = system_environment();
  environment.system_config = folder / "p2pd.toml";
  std::filesystem::create_symlink("nowhere", environment.system_config);
  ASSERT_EQ(default_config_path(environment), environment.system_config);
  EXPECT_THROW(load_config(environment.system_config, environment), ConfigError);
}

TEST(ConfigEnvironment, OfThisProcess) {
  setenv("XDG_STATE_HOME", "relative/is/ignored", 1);
  setenv("XDG_CONFIG_HOME", "/elsewhere", 1);
  setenv("STATE_DIRECTORY", "/var/lib/one:/var/lib/two", 1);
  setenv("HOME", "/home/ada", 1);
  const Environment now = current_environment();
  EXPECT_FALSE(now.host_name.empty());
  EXPECT_EQ(now.xdg_state_home, "/home/ada/.local/state");
  EXPECT_EQ(now.xdg_config_home, "/elsewhere");
  EXPECT_EQ(now.state_directory, "/var/lib/one");
  EXPECT_TRUE(now.group_exists("root"));
  EXPECT_FALSE(now.group_exists("no-such-group"));
  EXPECT_TRUE(now.system || geteuid() != 0);
}

} // namespace
} // namespace p2pd::base
