"""The command ``lyhde``: stdout is data, stderr is talk, exit codes mean something."""
