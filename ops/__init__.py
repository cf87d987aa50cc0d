"""What every process needs: settings, sources, logs, and messages in Finnish, Swedish and English."""
